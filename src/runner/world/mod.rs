//! What one scenario runs against.
//!
//! - `world` owns the resources: fake Klaviyo, gateway, mail server, app, browser contexts; it is set up before the first step
//!   and torn down after the last.
//! - `actors` are the people of a scenario; `browser_settings` is what their browsers are told about the app; `klaviyo_setup` and `gateway_setup` build what they talk to.
//! - `network_isolation` confines the app in a hermetic run.
//! - `time` says how time passes, `let_time_pass` moves Klaviyo's clock; `queued_work` waits for what an app does after it has
//!   answered; `screenshots` keeps pictures of pages.
//! - `incidents` notices an app that ends, hangs, calls Klaviyo without end or refuses logins; `config_mismatch` notices where
//!   `flowcheck.yaml` does not fit the app's pages.
//! - `setup_error` is why there is no world, `step_error` why a step in it is not played to its end.

pub(super) mod actors;
pub(super) mod browser_settings;
pub(super) mod config_mismatch;
pub(super) mod gateway_setup;
pub(super) mod incidents;
pub(super) mod klaviyo_setup;
pub(super) mod let_time_pass;
pub(super) mod network_isolation;
pub(super) mod queued_work;
pub(super) mod screenshots;
pub(super) mod setup_error;
pub(super) mod step_error;
pub(super) mod time;
#[expect(clippy::module_inception, reason = "the folder is named for its main noun")]
pub(super) mod world;
