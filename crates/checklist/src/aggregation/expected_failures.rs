//! Failures that are known and, for now, accepted: which of them did not come, and what waits for one.

use super::aggregate::{ItemOutcome, aggregate};
use super::outcome::Outcome;
use super::run_info::{ExpectedFailure, RunInfo};
use crate::verdict::{Verdict, VerdictKind};

/// Expected failures that did not come: the item was looked at wherever it could fail, and does not.
///
/// A part of the scenarios cannot tell; nor can an interrupted run.
pub fn stale(outcome: &Outcome) -> Vec<&ExpectedFailure> {
    let items = aggregate(outcome);
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
