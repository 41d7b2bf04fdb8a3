//! Windows that the app opens, and dialogs of the browser's own.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something happened to the windows of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BrowserWindow {
    /// Whose window it is.
    pub user: String,
    /// What happened.
    pub change: WindowChange,
}

/// What happened to a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WindowChange {
    /// The app opened it. The user is there from now on.
    Opened,
    /// The app opened it without a click of the user. Browsers block such windows, and this one did not open.
    Blocked {
        /// What should have been shown, without its query, secrets replaced.
        url: String,
    },
    /// The app closed it. The user is where it was opened from now on.
    Closed,
    /// The user closed it, as there was nothing left to do in it.
    ClosedByUser,
    /// The user opened a second tab.
    TabOpened,
    /// The user went to another of the tabs that they opened.
    TabChosen,
}

/// A dialog of the browser's own, opened by a page's script. Its OK was pressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BrowserDialog {
    /// Who saw it.
    pub user: String,
    /// Its kind.
    pub kind: DialogKind,
    /// What it said, secrets replaced.
    pub text: String,
}

/// The kinds of dialogs that a script can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DialogKind {
    /// `alert()`: a message.
    Alert,
    /// `confirm()`: a question.
    Confirm,
    /// `prompt()`: a question with a field.
    Prompt,
    /// Whether the page may be left.
    BeforeUnload,
}

impl DialogKind {
    /// By the name that WebDriver BiDi and Chromium have for it.
    pub fn named(name: &str) -> Self {
        match name {
            "confirm" => Self::Confirm,
            "prompt" => Self::Prompt,
            "beforeunload" => Self::BeforeUnload,
            _ => Self::Alert,
        }
    }
}

impl fmt::Display for WindowChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opened => f.write_str("the app opened a window"),
            Self::Blocked { url } => {
                write!(f, "the app tried to open a window for {url} without a click, which browsers block")
            }
            Self::Closed => f.write_str("the app closed its window"),
            Self::ClosedByUser => f.write_str("closed the app's window"),
            Self::TabOpened => f.write_str("opened a second tab"),
            Self::TabChosen => f.write_str("went to the other tab"),
        }
    }
}

impl fmt::Display for BrowserDialog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            DialogKind::Alert => "alert",
            DialogKind::Confirm => "confirm",
            DialogKind::Prompt => "prompt",
            DialogKind::BeforeUnload => "beforeunload",
        };
        write!(f, "a dialog of the browser ({kind}): \"{}\"; OK was pressed", self.text)
    }
}
