//! The run: scenarios played in worlds, side by side.
//!
//! - A [`Plan`] says which app, which scenarios, with what browser, how many side by side.
//! - [`run`] gives each worker a browser, plays one scenario after the other in it, and returns the
//!   [`Outcome`](crate::checklist::Outcome); what happens meanwhile goes out as one stream of
//!   [`Progress`](crate::evidence::Progress).
//! - Each scenario gets a world of its own (`stage`): a fake Klaviyo with its own clock, an instance of the app with its own
//!   data, a browser context for each user. `cast` says who acts.
//! - Steps are played in `perform`; each group of steps has a file: `journey` (to the consent page, with the ways a persistent
//!   user takes when the app strays), `forms`, `decide`, `look`, `uninstall`.
//!
//! The runner acts and records. It never judges: that is the checklist's business.

mod cast;
mod confine;
mod decide;
mod forms;
mod journey;
mod look;
mod perform;
mod plan;
mod play;
mod reached;
mod run;
mod stage;
mod uninstall;

pub use plan::{Plan, not_applicable};
pub use run::{RunError, run};
