//! `scopes_update` of `flowcheck.yaml`: how an update of the app changes its scopes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::spanned::Spanned;

use super::app_action::AppAction;

/// An update of the app that changes its scopes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopesUpdate {
    /// Scopes that the update adds to `klaviyo.scopes`.
    #[serde(default)]
    pub add: Vec<Spanned<String>>,
    /// How the app is made to ask for the new scopes.
    #[serde(default)]
    pub apply: Option<Apply>,
    /// A page that a signed-in user opens and that calls Klaviyo by one of the new scopes; may hold `{tenant}`.
    #[serde(default)]
    pub feature: String,
    /// Why there is no such update, such as `none: this is the app's first release`; alone. Items about updates do not apply then, and
    /// the report shows the reason.
    #[serde(default)]
    pub none: Option<String>,
    /// What makes the app revoke outdated installs: an [action](#app-actions), or `none` with the reason why it revokes none.
    #[serde(default)]
    pub revoke: Option<AppAction>,
}

/// How the app is made to request the new scopes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Apply {
    /// Environment variables: the app is stopped and started again with its data and with these variables on top of `start.env`, as in
    /// a release. Needs `start`.
    Restart(BTreeMap<String, String>),
    /// A URL to GET; it answers once the app asks for the new scopes.
    Get(String),
    /// A URL to POST to; it answers once the app asks for the new scopes.
    Post(String),
    /// A command, run in the app's folder and environment; it ends once the app asks for the new scopes.
    Run(String),
}

impl Apply {
    /// The action that applies the update; none for a restart.
    pub fn action(&self) -> Option<AppAction> {
        let none = AppAction::default();
        match self.clone() {
            Self::Restart(_) => None,
            Self::Get(address) => Some(AppAction { get: Some(address), ..none }),
            Self::Post(address) => Some(AppAction { post: Some(address), ..none }),
            Self::Run(command) => Some(AppAction { run: Some(command), ..none }),
        }
    }
}
