//! Setting a world up, and taking it down.
//!
//! - `scenario_run` is a scenario being run, with its [`World`](super::world::World) and who takes part: it starts and ends everything
//!   that these hold; `setup_error` is why there is no world.
//! - `klaviyo_setup` and `gateway_setup` build what the app and its people talk to; `browser_settings` is what their browsers are
//!   told about the app; `network_isolation` confines the app in a hermetic run.

pub(in crate::runner) mod browser_settings;
pub(in crate::runner) mod gateway_setup;
pub(in crate::runner) mod klaviyo_setup;
pub(in crate::runner) mod network_isolation;
pub(in crate::runner) mod scenario_run;
pub(in crate::runner) mod setup_error;
