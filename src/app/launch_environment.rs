//! What the app is started in.

use std::ffi::OsString;

/// What leads the app to the fake Klaviyo of its world.
#[derive(Debug, Clone, Default)]
pub struct LaunchEnvironment {
    /// Environment variables; they replace what the app would inherit, and what `flowcheck.yaml` says.
    pub variables: Vec<(String, OsString)>,
    /// Words before its command, which end by becoming it.
    pub wrapper: Vec<OsString>,
}
