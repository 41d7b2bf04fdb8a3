//! Failures that are known and, for now, accepted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ItemId, ItemOutcome, Outcome, RunInfo, Verdict, VerdictKind, add_up};

/// One of `expected_failures` in `flowcheck.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExpectedFailure {
    /// The item.
    pub item: ItemId,
    /// Why it is accepted.
    pub comment: String,
    /// The last day on which it is, `2027-01-31`; for good, when none.
    pub until: Option<String>,
}

impl RunInfo {
    /// The expected failure of an item, where one is written down and its day has not passed when the run began.
    pub fn expects_failure_of(&self, item: &str) -> Option<&ExpectedFailure> {
        self.expected_failures.iter().find(|expected| expected.item.as_str() == item && !self.is_over(expected))
    }

    /// Whether the last day of an expected failure was over when the run began.
    pub fn is_over(&self, expected: &ExpectedFailure) -> bool {
        let today = self.began.get(..10).unwrap_or_default();
        expected.until.as_deref().is_some_and(|until| until < today)
    }
}

/// Expected failures that did not come: the item was looked at wherever it could fail, and does not.
///
/// A part of the scenarios cannot tell; nor can an interrupted run.
pub fn stale(outcome: &Outcome) -> Vec<&ExpectedFailure> {
    let items = add_up(outcome);
    let run = &outcome.run;
    let fine = |expected: &ExpectedFailure| {
        items.iter().any(|item| {
            let good = matches!(item.verdict.kind(), VerdictKind::Pass | VerdictKind::NotApplicable);
            good && item.item.id == expected.item.as_str()
        })
    };
    let elsewhere = |expected: &ExpectedFailure| run.left_out.iter().any(|other| other.items.contains(&expected.item));
    run.expected_failures.iter().filter(|expected| !run.interrupted && fine(expected) && !elsewhere(expected)).collect()
}

/// Whether an item was not run only because another is expected to fail.
pub(super) fn waits_for_expected(item: &ItemOutcome<'_>, items: &[ItemOutcome<'_>], run: &RunInfo) -> bool {
    let mut verdict = item.verdict;
    // A chain is no longer than the checklist; a circle in a stored run must not hold us.
    for _ in 0..items.len() {
        let Verdict::NotRun { blocked_by: Some(blocker), .. } = verdict else { return false };
        let Some(next) = items.iter().find(|other| other.item.id == blocker.as_str()) else { return false };
        if next.is_expected(run) {
            return true;
        }
        verdict = next.verdict;
    }
    false
}
