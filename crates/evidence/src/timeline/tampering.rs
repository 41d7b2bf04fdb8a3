//! What flowcheck does to a callback or a page that no user would: tampering, and visiting again.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is wrong with a callback that the user's browser is made to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tampering {
    /// The code is good, and `state` differs in one character from the one the app sent.
    Altered,
    /// The code is good, and there is no `state`.
    Missing,
    /// Code and `state` are good, and of a flow that another user began in another browser.
    Foreign,
    /// It is the very callback that has completed an installation before.
    Replayed,
    /// It is one of a table of inputs that no Klaviyo sends.
    Hostile,
}

impl fmt::Display for Tampering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Altered => "with an altered state",
            Self::Missing => "without a state",
            Self::Foreign => "with code and state of the other user's installation",
            Self::Replayed => "as it was opened before",
            Self::Hostile => "with hostile inputs",
        })
    }
}

/// How a page is visited again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Revisit {
    /// By the browser's Reload.
    Reload,
    /// By the browser's Back.
    Back,
}
