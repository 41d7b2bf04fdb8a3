//! How the app's scopes change: what a partner's own update will do, said in `flowcheck.yaml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::spanned::Spanned;

use super::app_action::AppAction;

/// An update of the app's scopes, as it would be released.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopesUpdate {
    /// Scopes that the update adds to those of `klaviyo`.
    pub add: Vec<Spanned<String>>,
    /// How the app learns of it.
    pub apply: Apply,
    /// A page of the app that uses what the new scopes allow; may hold `{tenant}`.
    pub feature: String,
    /// What makes the app revoke installs that are too far out of date; left out, it has no such control.
    #[serde(default)]
    pub revoke: Option<AppAction>,
}

/// How the app is made to ask for the new scopes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Apply {
    /// It is ended and started again with its data, and with these environment variables on top of `start.env`, as a release
    /// would. Needs `start`.
    Restart(BTreeMap<String, String>),
    /// An address to GET; it answers when the app asks for the new scopes.
    Get(String),
    /// An address to POST to; it answers when the app asks for the new scopes.
    Post(String),
    /// Program and arguments, run in the app's folder and environment; it ends when the app asks for the new scopes.
    Run(String),
}

impl Apply {
    /// What the app is made to do, unless it is started again.
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
