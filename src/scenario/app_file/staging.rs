//! `staging` of `flowcheck.yaml`: an app that flowcheck does not start or stop.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::spanned::Spanned;

/// How flowcheck treats an app that it does not start.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Staging {
    /// Address of this machine at which the fake Klaviyo answers in every scenario, such as `127.0.0.1:7070`: the one that the app is
    /// configured with.
    pub klaviyo: Spanned<String>,
    /// Whether scenarios may create accounts, which remain in the app.
    #[serde(default)]
    pub sign_ups: bool,
}
