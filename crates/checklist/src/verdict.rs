//! What a judge answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::item_id::ItemId;

/// What one judge says of one scenario's evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The requirement is met; in words, what showed it.
    Pass(String),
    /// The requirement is not met.
    Fail(Finding),
    /// Best practice is not met; no rejection by itself.
    Warn(Finding),
    /// A person must look at the evidence; the prompt says at what.
    Review(Finding),
    /// The app's kind has no such case; why.
    NotApplicable(String),
    /// The evidence does not reach that far.
    NotRun {
        /// Why, in words.
        reason: String,
        /// The item whose failure blocked this one.
        blocked_by: Option<ItemId>,
    },
}

/// A verdict without its details; ordered from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictKind {
    /// Not applicable.
    NotApplicable,
    /// Passed.
    Pass,
    /// Warned.
    Warn,
    /// Left to a person.
    Review,
    /// Not run.
    NotRun,
    /// Failed.
    Fail,
}

/// What was expected, what was seen, and whose fault the difference is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What should have been seen.
    pub expected: String,
    /// What was seen.
    pub saw: String,
    /// The hops that show it, in order.
    pub hops: Vec<HopLine>,
    /// One likely cause, where there is a telling one.
    pub likely: Option<String>,
    /// What to do about it.
    #[serde(default)]
    pub remedy: Option<String>,
    /// Whose fault it is.
    pub blame: Blame,
    /// The entry of the timeline to look at first.
    pub at: Option<u32>,
    /// The incident of the app that explains it, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Box<IncidentId>>,
}

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

/// Whose fault a failure is. Only [`Blame::App`] fails the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Blame {
    /// The app's.
    App,
    /// `flowcheck.yaml` or a scenario is wrong.
    Config,
    /// flowcheck, the driver or the browser is broken.
    Harness,
    /// The fake Klaviyo does not model what the app asked for.
    MockGap,
}

/// One hop as a failure lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HopLine {
    /// Status, where known.
    pub status: Option<u16>,
    /// Method and address, host left out where it is the app's own.
    pub what: String,
    /// Where it redirected to.
    pub to: Option<String>,
}

impl Verdict {
    /// The verdict without its details.
    pub fn kind(&self) -> VerdictKind {
        match self {
            Self::Pass(_) => VerdictKind::Pass,
            Self::Fail(_) => VerdictKind::Fail,
            Self::Warn(_) => VerdictKind::Warn,
            Self::Review(_) => VerdictKind::Review,
            Self::NotApplicable(_) => VerdictKind::NotApplicable,
            Self::NotRun { .. } => VerdictKind::NotRun,
        }
    }

    /// The details of a verdict that has some.
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            Self::Fail(finding) | Self::Warn(finding) | Self::Review(finding) => Some(finding),
            Self::Pass(_) | Self::NotApplicable(_) | Self::NotRun { .. } => None,
        }
    }

    /// Not run because of another item's failure.
    pub fn blocked_by(item: &str, reason: impl Into<String>) -> Self {
        Self::NotRun { reason: reason.into(), blocked_by: Some(item.into()) }
    }

    /// Not run for a reason that is no other item's failure.
    pub fn not_run(reason: impl Into<String>) -> Self {
        Self::NotRun { reason: reason.into(), blocked_by: None }
    }
}

impl VerdictKind {
    /// The word reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotApplicable => "n/a",
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Review => "review",
            Self::NotRun => "not run",
            Self::Fail => "fail",
        }
    }
}

impl Blame {
    /// The word reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Config => "config",
            Self::Harness => "harness",
            Self::MockGap => "mock-gap",
        }
    }
}

impl Finding {
    /// A finding against the app.
    pub fn app(expected: impl Into<String>, saw: impl Into<String>) -> Self {
        Self {
            expected: expected.into(),
            saw: saw.into(),
            hops: Vec::new(),
            likely: None,
            remedy: None,
            blame: Blame::App,
            at: None,
            incident: None,
        }
    }

    /// With the hops that show it.
    pub fn hops(self, hops: Vec<HopLine>) -> Self {
        Self { hops, ..self }
    }

    /// With one likely cause.
    pub fn likely(self, cause: impl Into<String>) -> Self {
        Self { likely: Some(cause.into()), ..self }
    }

    /// With the entry to look at first.
    pub fn at(self, seq: u32) -> Self {
        Self { at: Some(seq), ..self }
    }

    /// With another one to blame.
    pub fn blame(self, blame: Blame) -> Self {
        Self { blame, ..self }
    }
}
