//! Which scenario is played when, and what is done around it.
//!
//! - `plan` is what a run is asked to do; `run` hands scenarios to workers by `queue`, the longest first.
//! - `preparations` keeps how signing users in has ended: where that stops two scenarios alike, the next that begin so are not begun.
//! - `prefetch` sets up the next scenario's world while one is played.
//! - `play_scenario` plays one scenario in its world and judges it; `retry` sets a failed try aside and plays the scenario again.
//! - `existing_app` is for apps that flowcheck does not start: the order of scenarios there, and how they are undone.
//! - `left_over` is for apps that it does start and that keep their connections: those of earlier scenarios are disconnected.
//! - `connection_survey` is what both look by: for whom the app shows itself as connected.
//! - `cross_scenario_reach` passes on what one scenario learned about the app's way to Klaviyo.
//! - `interactive` asks a person before the run continues.

mod connection_survey;
pub(super) mod cross_scenario_reach;
pub(super) mod existing_app;
pub(super) mod interactive;
mod left_over;
pub(super) mod plan;
pub(super) mod play_scenario;
pub(super) mod prefetch;
mod preparations;
pub(super) mod queue;
pub(super) mod retry;
pub(super) mod run;
