//! `staging` of `flowcheck.yaml`: an app that flowcheck does not start or stop.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::spanned::Spanned;

/// How flowcheck treats an app that it does not start.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Staging {
    /// Loopback address at which the fake Klaviyo listens in every scenario, as in `127.0.0.1:7070`; the app is configured with it.
    pub klaviyo: Spanned<String>,
    /// Whether scenarios may create accounts in the app, which remain.
    #[serde(default)]
    pub sign_ups: bool,
}
