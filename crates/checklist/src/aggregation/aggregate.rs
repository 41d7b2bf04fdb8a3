//! How verdicts add up to items, over all scenarios.

use std::cmp::Reverse;

use super::outcome::{Outcome, ScenarioEnd, ScenarioOutcome};
use super::run_info::RunInfo;
use crate::items::{Item, Tier, catalogue};
use crate::verdict::{Blame, Verdict, VerdictKind};

/// One item over all scenarios that judged it.
#[derive(Debug, Clone, Copy)]
pub struct ItemOutcome<'a> {
    /// The item.
    pub item: &'static Item,
    /// The worst that any scenario said of it.
    pub verdict: &'a Verdict,
    /// The scenario that said it.
    pub scenario: &'a ScenarioOutcome,
}

/// The items in the catalogue's order, each with the worst verdict that any scenario gave it.
pub fn aggregate(outcome: &Outcome) -> Vec<ItemOutcome<'_>> {
    catalogue()
        .iter()
        .filter_map(|item| {
            outcome
                .scenarios
                .iter()
                .flat_map(|scenario| scenario.items.iter().map(move |judged| (scenario, judged)))
                .filter(|(_, judged)| judged.item.as_str() == item.id)
                // The first of equals, so that a report names the plainest scenario.
                .min_by_key(|(scenario, judged)| Reverse(badness(&scenario.end, &judged.verdict)))
                .map(|(scenario, judged)| ItemOutcome { item, verdict: &judged.verdict, scenario })
        })
        .collect()
}

/// Of two failures the app's own is the worse: trouble elsewhere must not hide it. What could not be played says nothing of an item
/// that another scenario has judged.
fn badness(end: &ScenarioEnd, verdict: &Verdict) -> (VerdictKind, bool) {
    if matches!(end, ScenarioEnd::OutOfReach(_)) {
        return (VerdictKind::NotApplicable, true);
    }
    (verdict.kind(), verdict.finding().is_some_and(|finding| finding.blame == Blame::App))
}

impl ItemOutcome<'_> {
    /// What the verdict counts as: tier, strictness and expected failures considered.
    pub fn counts_as(&self, run: &RunInfo) -> VerdictKind {
        if self.is_expected(run) { VerdictKind::Warn } else { self.counts_unexcused(run) }
    }

    /// Whether it counts as failed but for being expected to.
    pub fn is_expected(&self, run: &RunInfo) -> bool {
        let app = self.blame() == Some(Blame::App);
        app && self.counts_unexcused(run) == VerdictKind::Fail && run.expects_failure_of(self.item.id).is_some()
    }

    fn counts_unexcused(&self, run: &RunInfo) -> VerdictKind {
        match (self.verdict.kind(), self.item.tier) {
            (VerdictKind::Fail, Tier::Hardening) if !run.strict => VerdictKind::Warn,
            (VerdictKind::Warn | VerdictKind::Review, _) if run.strict => VerdictKind::Fail,
            (kind, _) => kind,
        }
    }

    /// Whose fault its failure is.
    pub(super) fn blame(&self) -> Option<Blame> {
        self.verdict.finding().map(|finding| finding.blame)
    }
}
