//! What a judge answers.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::statement::{Statement, Statements};
use crate::item_id::ItemId;

/// What one judge says of one scenario's evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredVerdict", into = "StoredVerdict")]
pub enum Verdict {
    /// The requirement is met; what showed it.
    Pass(Statement),
    /// The requirement is not met.
    Fail(Finding),
    /// Best practice is not met; no rejection by itself.
    Warn(Finding),
    /// A person must look at the evidence; the prompt says at what.
    Review(Finding),
    /// The app's kind has no such case; why.
    NotApplicable(Statement),
    /// The evidence does not reach that far.
    NotRun {
        /// Why.
        reason: Statement,
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

/// A verdict as runs are kept and reported: its words, and beside them what they are made of.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(description = "What one judge says of one scenario's evidence.")]
enum StoredVerdict {
    /// The requirement is met.
    Pass {
        /// What showed it.
        pass: String,
        /// What the words are made of, where values stand in them.
        #[serde(default, skip_serializing_if = "Statements::is_empty")]
        statements: Statements,
    },
    /// The requirement is not met.
    Fail {
        /// What was found.
        fail: Finding,
    },
    /// Best practice is not met; no rejection by itself.
    Warn {
        /// What was found.
        warn: Finding,
    },
    /// A person must look at the evidence.
    Review {
        /// What was found; it says at what to look.
        review: Finding,
    },
    /// The app's kind has no such case.
    #[serde(rename_all = "kebab-case")]
    NotApplicable {
        /// Why.
        not_applicable: String,
        /// What the words are made of, where values stand in them.
        #[serde(default, skip_serializing_if = "Statements::is_empty")]
        statements: Statements,
    },
    /// The evidence does not reach that far.
    #[serde(rename_all = "kebab-case")]
    NotRun {
        /// Why not.
        not_run: StoredNotRun,
    },
}

/// Why an item was not run.
#[derive(Serialize, Deserialize, JsonSchema)]
struct StoredNotRun {
    /// Why, in words.
    reason: String,
    /// The item whose failure blocked this one.
    blocked_by: Option<ItemId>,
    /// What the words are made of, where values stand in them.
    #[serde(default, skip_serializing_if = "Statements::is_empty")]
    statements: Statements,
}

impl From<Verdict> for StoredVerdict {
    fn from(verdict: Verdict) -> Self {
        let mut statements = Statements::default();
        match verdict {
            Verdict::Pass(pass) => Self::Pass { pass: statements.keep("pass", pass), statements },
            Verdict::Fail(fail) => Self::Fail { fail },
            Verdict::Warn(warn) => Self::Warn { warn },
            Verdict::Review(review) => Self::Review { review },
            Verdict::NotApplicable(why) => {
                Self::NotApplicable { not_applicable: statements.keep("not-applicable", why), statements }
            }
            Verdict::NotRun { reason, blocked_by } => {
                let reason = statements.keep("reason", reason);
                Self::NotRun { not_run: StoredNotRun { reason, blocked_by, statements } }
            }
        }
    }
}

impl From<StoredVerdict> for Verdict {
    fn from(stored: StoredVerdict) -> Self {
        match stored {
            StoredVerdict::Pass { pass, mut statements } => Self::Pass(statements.take("pass", pass)),
            StoredVerdict::Fail { fail } => Self::Fail(fail),
            StoredVerdict::Warn { warn } => Self::Warn(warn),
            StoredVerdict::Review { review } => Self::Review(review),
            StoredVerdict::NotApplicable { not_applicable, mut statements } => {
                Self::NotApplicable(statements.take("not-applicable", not_applicable))
            }
            StoredVerdict::NotRun { not_run: StoredNotRun { reason, blocked_by, mut statements } } => {
                Self::NotRun { reason: statements.take("reason", reason), blocked_by }
            }
        }
    }
}

impl JsonSchema for Verdict {
    fn schema_name() -> Cow<'static, str> {
        "Verdict".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        StoredVerdict::json_schema(generator)
    }
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
    pub fn blocked_by(item: &str, reason: impl Into<Statement>) -> Self {
        Self::NotRun { reason: reason.into(), blocked_by: Some(item.into()) }
    }

    /// Not run for a reason that is no other item's failure.
    pub fn not_run(reason: impl Into<Statement>) -> Self {
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
