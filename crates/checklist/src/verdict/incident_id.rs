//! Which incident of an app explains a finding.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which incident of an app: what it was and where, without figures that differ from one time to the next. Two scenarios met the
/// same incident when these are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentId {
    /// Its process ended.
    Ended {
        /// How, in words: "exited with status 1".
        how: String,
        /// The page that was asked for last.
        at: String,
    },
    /// It left the user waiting.
    Stalled {
        /// The page that was asked for.
        at: String,
        /// Whether an answer had begun.
        begun: bool,
    },
    /// It called an endpoint of Klaviyo's without end.
    Stormed {
        /// Method and path.
        endpoint: String,
    },
    /// It refused a login because there had been too many.
    LimitedLogin,
    /// A script of its page kept the tab from answering.
    BlockedTab {
        /// The page.
        at: String,
    },
    /// Its page crashed the tab.
    CrashedTab {
        /// The page.
        at: String,
    },
    /// Something covers a control of its page.
    CoveredControl {
        /// The page.
        at: String,
        /// The control's name.
        control: String,
    },
    /// It redirected without end, or broke the connection off, before the first step.
    NoPage {
        /// The page that was asked for.
        at: String,
        /// The browser's word for it.
        error: String,
    },
    /// No incident of the app's, but of `flowcheck.yaml`: its `trigger` was answered with a redirect or an error.
    TriggerAnswered {
        /// Path of the request.
        path: String,
        /// The status.
        status: u16,
    },
    /// Its callback stopped before it asked Klaviyo for tokens.
    Callback {
        /// The status of its answer.
        status: u16,
        /// Where it redirected to.
        to: Option<String>,
    },
}
