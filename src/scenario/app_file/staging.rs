//! An app that runs before flowcheck comes and goes on running after it: where it finds Klaviyo, and what it may be left with.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::spanned::Spanned;

/// How an app is treated that flowcheck does not start.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Staging {
    /// Address of this machine at which the fake Klaviyo answers in every scenario, as in `127.0.0.1:7070`; what the app was told.
    pub klaviyo: Spanned<String>,
    /// Whether scenarios may create accounts, which stay.
    #[serde(default)]
    pub sign_ups: bool,
}
