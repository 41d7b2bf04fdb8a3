//! The fake Klaviyo alone, without scenarios.
//!
//! - `sandbox` starts a fake Klaviyo and a gateway to it; `serve` keeps one up, `exec` runs a command that reaches one.
//! - `coverage` prints what the fake Klaviyo models.

pub(super) mod coverage;
pub(super) mod exec;
mod sandbox;
pub(super) mod serve;
