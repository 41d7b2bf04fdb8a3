//! The run: scenarios played in worlds, side by side.
//!
//! - A [`Plan`] says which app, which scenarios, with what browser, how many side by side.
//! - [`run`] gives each worker a browser, plays one scenario after the other in it, and returns the
//!   [`Outcome`](crate::checklist::Outcome); what happens meanwhile goes out as one stream of
//!   [`Progress`](crate::evidence::Progress).
//! - Each scenario gets a world of its own (`stage`): a fake Klaviyo with its own clock, an instance of the app with its own
//!   data, a browser context for each user. `cast` says who acts.
//! - Steps are played in `perform`; each group of steps has a file: `journey` (to the consent page, with the ways a persistent
//!   user takes when the app strays), `forms`, `second_step` (one-time passwords, mailed codes and links), `decide`, `look`, `find_settings`, `uninstall`, `scopes`, `throttle`, `callback` (as Klaviyo never
//!   sends it), `disorder` (faults, and much at once), `hostile` (a table of inputs). `mishap` notices an app that ends, hangs, or
//!   calls without end. `time` lets time pass.
//!
//! `standing` is about apps that flowcheck does not start: in which order scenarios are played there, and how they are undone.
//!
//! An [`Attendant`] is asked before a run goes on, where a person wants to be.
//!
//! `ahead` sets up the next scenario's world while one is played; `again` sets a try aside that is followed by another. `queue` is
//! what workers take scenarios from, `way` leads apps and browsers to Klaviyo.
//!
//! The runner acts and records. It never judges: that is the checklist's business.

mod again;
mod ahead;
mod attendant;
mod callback;
mod cast;
mod confine;
mod decide;
mod disorder;
mod find_settings;
mod forms;
mod host;
mod hostile;
mod journey;
mod look;
mod misfit;
mod mishap;
mod perform;
mod plan;
mod play;
mod queue;
mod reached;
mod run;
mod scopes;
mod second_step;
mod setting;
mod shots;
mod stage;
mod standing;
mod throttle;
mod time;
mod uninstall;
mod way;

pub use attendant::{Answer, Attendant, Moment, Question, Stops};
pub use plan::{Plan, not_applicable};
pub use run::{RunError, run};
