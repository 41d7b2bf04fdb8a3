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
    pub add: Vec<Spanned<String>>,
    /// How the update is applied to the app.
    pub apply: Apply,
    /// Page of the app that uses the new scopes; may contain `{tenant}`.
    pub feature: String,
    /// Makes the app revoke installs that are too far out of date; left out for apps that cannot.
    #[serde(default)]
    pub revoke: Option<AppAction>,
}

/// How the app is made to request the new scopes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Apply {
    /// Restarts the app with its data and with these environment variables in addition to `start.env`, as a release would. Needs
    /// `start`.
    Restart(BTreeMap<String, String>),
    /// URL to GET; it answers when the app requests the new scopes.
    Get(String),
    /// URL to POST to; it answers when the app requests the new scopes.
    Post(String),
    /// Program and arguments, run in the app's folder and environment; it ends when the app requests the new scopes.
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
