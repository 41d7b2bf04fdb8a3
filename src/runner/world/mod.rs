//! What one scenario runs against.
//!
//! - `world` owns the resources: fake Klaviyo, gateway, mail server, app; `setup` starts them before the first step and ends them after
//!   the last.
//! - `actors` are those who act in a scenario: each a `person` with a browser context and the page in front of them;
//!   `klaviyo_accounts` are what they may install the app for.
//! - `step_context` is what a step is played with: the world, and the actor of that step.
//! - `time` says how time passes, `let_time_pass` moves Klaviyo's clock; `queued_work` waits for what an app does after it has
//!   answered, and `owed_calls` reads from the timeline what it has still to do; `screenshots` keeps pictures of pages.
//! - `incidents` notices an app that ends, hangs, calls Klaviyo without end or refuses logins; `config_mismatch` notices where
//!   `flowcheck.yaml` does not fit the app's pages; `step_error` is why a step is not played to its end,
//!   `page_faults` knows pages that keep the user from going on.

pub(super) mod actors;
pub(super) mod config_mismatch;
pub(super) mod incidents;
pub(super) mod klaviyo_accounts;
pub(super) mod let_time_pass;
mod owed_calls;
pub(super) mod page_faults;
pub(super) mod person;
pub(super) mod queued_work;
pub(super) mod screenshots;
pub(super) mod setup;
pub(super) mod step_context;
pub(super) mod step_error;
pub(super) mod time;
#[expect(clippy::module_inception, reason = "the folder is named for its main noun")]
pub(super) mod world;
