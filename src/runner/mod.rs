//! The run: scenarios played in worlds, side by side.
//!
//! - A [`Plan`] says which app, which scenarios, with which browser, and how many side by side.
//! - [`run`] gives each worker a browser, plays one scenario after the other in it, and returns the
//!   [`Outcome`](crate::checklist::Outcome). Progress is one stream of [`Progress`](crate::evidence::Progress) events.
//! - `scheduling` decides which scenario is played when, and what is done around it.
//! - `world` is what one scenario runs against: a fake Klaviyo with its own clock, an instance of the app, the actors and their
//!   browser contexts.
//! - `steps` plays a scenario's steps, one group of steps a file.
//! - [`Interactive`] asks a person before the run continues, for `--step` and `--keep-open`.
//!
//! The runner acts and records. It never judges: that is the checklist's job.

mod scheduling;
mod steps;
mod world;

pub use scheduling::interactive::{Answer, Interactive, Moment, Question, Stops};
pub use scheduling::plan::{Plan, not_played};
pub use scheduling::run::{RunError, run};
