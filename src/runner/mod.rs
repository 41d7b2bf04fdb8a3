//! The run: scenarios played in worlds, side by side.
//!
//! - A [`Plan`] says which app, which scenarios, with what browser, how many side by side.
//! - [`run`] gives each worker a browser, plays one scenario after the other in it, and returns the
//!   [`Outcome`](crate::checklist::Outcome); what happens meanwhile goes out as one stream of
//!   [`Progress`](crate::evidence::Progress).
//! - Each scenario gets a world of its own (`stage`): a fake Klaviyo with its own clock, an instance of the app with its own
//!   data, a browser context for each user. `cast` says who acts.
//! - Steps are played in `perform`; each group of steps has a file: `journey` (to the consent page, with the ways a persistent
//!   user takes when the app strays), `forms`, `decide`, `look`, `uninstall`, `scopes`, `throttle`, `callback` (as Klaviyo never
//!   sends it), `disorder` (faults, and much at once), `hostile` (a table of inputs). `mishap` notices an app that ends, hangs, or
//!   calls without end. `time` lets time pass.
//!
//! `again` sets a try aside that is followed by another. `queue` is what workers take scenarios from, `way` leads apps and browsers to
//! Klaviyo.
//!
//! The runner acts and records. It never judges: that is the checklist's business.

mod again;
mod callback;
mod cast;
mod confine;
mod decide;
mod disorder;
mod forms;
mod host;
mod hostile;
mod journey;
mod look;
mod mishap;
mod perform;
mod plan;
mod play;
mod queue;
mod reached;
mod run;
mod scopes;
mod setting;
mod shots;
mod stage;
mod throttle;
mod time;
mod uninstall;
mod way;

pub use plan::{Plan, not_applicable};
pub use run::{RunError, run};
