//! How flowcheck starts the app or its host platform.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::spanned::Spanned;

/// How flowcheck starts the app.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Program and arguments, split at spaces as a shell does, without a shell.
    pub command: Spanned<String>,
    /// Folder it runs in, relative to this file.
    #[serde(default)]
    pub folder: Option<String>,
    /// Environment variables it gets on top of flowcheck's own.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Address that answers with a status below 500 once the app is ready; `url`, when left out.
    #[serde(default)]
    pub ready: Option<String>,
    /// Whose time the app lives in.
    #[serde(default)]
    pub clock: Clock,
}

/// Whose time the app lives in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// The computer's.
    #[default]
    Own,
    /// Klaviyo's: where flowcheck moves time, the app's clock moves along. Needs libfaketime.
    Follow,
}

impl Start {
    /// Program and arguments, placeholders still in them; put in after the split, what they stand for may hold spaces.
    pub fn words(&self) -> Vec<String> {
        shlex::split(&self.command.value).unwrap_or_default()
    }
}
