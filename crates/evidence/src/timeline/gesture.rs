//! What a user did with browser or page in one act.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ControlRole, Tampering};

/// What flowcheck did in the browser, as a user would. `Display` is its wording in reports: `clicked "Install"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Gesture {
    /// Went to an address.
    Opened {
        /// The address without its query, secrets replaced.
        url: String,
    },
    /// Clicked a control of the page.
    Clicked(UsedControl),
    /// Pressed Enter in a form without a submit control.
    PressedEnter,
    /// Typed a one-time code; many forms send themselves with its last character.
    TypedCode,
    /// Used the browser's Back.
    PressedBack,
    /// Used the browser's Reload.
    PressedReload,
    /// Accepted the cookies that a banner asked for; no step of any flow.
    AcceptedCookies(UsedControl),
    /// Pressed OK in a dialog of the browser's own.
    AcceptedDialog,
    /// Closed the window that the app had opened.
    ClosedWindow,
    /// Requested one page several times at once.
    RequestedAtOnce {
        /// The address without its query, secrets replaced.
        url: String,
        /// How many times.
        times: u8,
        /// Whether the app's `trigger` ran beside it.
        triggered: bool,
    },
    /// Opened the app's callback with something about it that is not as Klaviyo sent it.
    OpenedCallback {
        /// Path of the callback.
        path: String,
        /// What is wrong with it.
        tampering: Tampering,
    },
    /// Sent the table of hostile inputs to the callback.
    SentHostileInputs {
        /// How many inputs.
        inputs: usize,
        /// The redirect URI they were sent to.
        redirect_uri: String,
    },
}

/// A control that an act used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UsedControl {
    /// Its accessible name.
    pub name: String,
    /// What it is; none where the page did not list it.
    pub role: Option<ControlRole>,
    /// Its index among the controls of the page that was in front of the user.
    pub handle: usize,
}

impl Gesture {
    /// The control that was used, if it was one.
    pub fn control(&self) -> Option<&UsedControl> {
        match self {
            Self::Clicked(control) | Self::AcceptedCookies(control) => Some(control),
            _ => None,
        }
    }

    /// The same with `redact` applied to every text that the app chose.
    pub fn redacted(self, redact: impl Fn(&str) -> String) -> Self {
        let control = |control: UsedControl| UsedControl { name: redact(&control.name), ..control };
        match self {
            Self::Opened { url } => Self::Opened { url: redact(&url) },
            Self::Clicked(used) => Self::Clicked(control(used)),
            Self::AcceptedCookies(used) => Self::AcceptedCookies(control(used)),
            Self::RequestedAtOnce { url, times, triggered } => {
                Self::RequestedAtOnce { url: redact(&url), times, triggered }
            }
            Self::OpenedCallback { path, tampering } => Self::OpenedCallback { path: redact(&path), tampering },
            Self::SentHostileInputs { inputs, redirect_uri } => {
                Self::SentHostileInputs { inputs, redirect_uri: redact(&redirect_uri) }
            }
            Self::PressedEnter
            | Self::TypedCode
            | Self::PressedBack
            | Self::PressedReload
            | Self::AcceptedDialog
            | Self::ClosedWindow => self,
        }
    }
}

impl fmt::Display for Gesture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opened { url } => write!(f, "opened {url}"),
            Self::Clicked(control) => write!(f, "clicked \"{}\"", control.name),
            Self::PressedEnter => f.write_str("pressed Enter"),
            Self::TypedCode => f.write_str("typed the one-time code"),
            Self::PressedBack => f.write_str("pressed Back"),
            Self::PressedReload => f.write_str("pressed Reload"),
            Self::AcceptedDialog => f.write_str("pressed OK in the browser's dialog"),
            Self::ClosedWindow => f.write_str("closed the window"),
            Self::AcceptedCookies(control) => write!(f, "accepted the cookies that \"{}\" asks for", control.name),
            Self::RequestedAtOnce { url, times, triggered } => {
                let beside = if *triggered { ", and triggered the app" } else { "" };
                write!(f, "asked for {url} {times} times at once{beside}")
            }
            Self::OpenedCallback { path, tampering } => write!(f, "opened {path} {tampering}"),
            Self::SentHostileInputs { inputs, redirect_uri } => {
                write!(f, "sent {inputs} hostile inputs to {redirect_uri}")
            }
        }
    }
}
