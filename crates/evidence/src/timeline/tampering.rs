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
    /// The code is good, and `state` is there and empty.
    Empty,
    /// The code is good, and `state` is the first half of the one the app sent.
    Shorter,
    /// The code is good, and `state` is the one the app sent with more after it.
    Longer,
    /// The code is good, and the letters of `state` are in the other case.
    OtherCase,
    /// The code is good, and `state` is the one the app sent without its signature.
    Unsigned,
    /// The code is good, and `state` has other contents than the one the app sent, in the same encoding and with the same signature.
    ReEncoded,
    /// The code is good, and `state` is that of an installation that another user began in another browser.
    OtherUsers,
    /// Code and `state` are good, and of a flow that another user began in another browser.
    Foreign,
    /// It is the very callback that has completed an installation before.
    Replayed,
    /// It is one of a table of inputs that no Klaviyo sends.
    Hostile,
}

impl Tampering {
    /// Whether it is the user's own callback but for its `state`.
    pub fn is_of_state(self) -> bool {
        match self {
            Self::Altered
            | Self::Missing
            | Self::Empty
            | Self::Shorter
            | Self::Longer
            | Self::OtherCase
            | Self::Unsigned
            | Self::ReEncoded => true,
            Self::Foreign | Self::OtherUsers | Self::Replayed | Self::Hostile => false,
        }
    }
}

impl fmt::Display for Tampering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Altered => "with an altered state",
            Self::Missing => "without a state",
            Self::Empty => "with an empty state",
            Self::Shorter => "with a shorter state",
            Self::Longer => "with a longer state",
            Self::OtherCase => "with a state in the other case",
            Self::Unsigned => "with a state without its signature",
            Self::ReEncoded => "with a state of other contents",
            Self::OtherUsers => "with the state of the other user's installation",
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
