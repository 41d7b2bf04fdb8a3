//! How flowcheck starts the app or its host platform.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::spanned::Spanned;

/// How flowcheck starts the app.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Program and arguments, split as a shell does, run without a shell.
    pub command: Spanned<String>,
    /// Working directory, relative to `flowcheck.yaml`.
    #[serde(default)]
    pub folder: Option<String>,
    /// Environment variables in addition to flowcheck's own.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// URL that answers with a status below 500 once the app is ready. Default: `url`.
    #[serde(default)]
    pub ready: Option<String>,
    /// Which clock the app uses.
    #[serde(default)]
    pub clock: Clock,
}

/// Which clock the app uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// This machine's.
    #[default]
    Own,
    /// Klaviyo's: when flowcheck moves the clock, the app's clock moves too. Needs libfaketime.
    Follow,
}

impl Start {
    /// Program and arguments, before placeholders are replaced, whose values may contain spaces.
    pub fn words(&self) -> Vec<String> {
        shlex::split(&self.command.value).unwrap_or_default()
    }
}
