//! What was arranged before a scenario's first step, and how the app's requests were to reach the fake Klaviyo.

pub(crate) mod declared;
pub(crate) mod membership;
pub(crate) mod routing;
#[expect(clippy::module_inception, reason = "the folder is named for its main noun")]
pub(crate) mod setup;
