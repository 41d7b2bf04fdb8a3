//! The environment in which the app is started.

use std::ffi::OsString;

/// Variables and wrapper that route the app to the fake Klaviyo of its world.
#[derive(Debug, Clone, Default)]
pub struct LaunchEnvironment {
    /// Environment variables; they override inherited ones and those of `flowcheck.yaml`.
    pub variables: Vec<(String, OsString)>,
    /// Words to put before the app's command; they end by executing it.
    pub wrapper: Vec<OsString>,
}
