//! `staging` of `flowcheck.yaml`: an app that flowcheck does not start, where it finds Klaviyo, and what may remain in it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Spanned;

/// How an app is treated that flowcheck does not start.
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
