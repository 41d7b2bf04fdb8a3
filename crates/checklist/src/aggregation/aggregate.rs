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
    /// What the scenarios say of it together.
    pub verdict: &'a Verdict,
    /// The scenario that said it.
    pub scenario: &'a ScenarioOutcome,
}

/// The items in the catalogue's order, each with the verdict that counts most of those that the scenarios gave it.
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
                .min_by_key(|(scenario, judged)| Reverse(weight(&scenario.end, &judged.verdict)))
                .map(|(scenario, judged)| ItemOutcome { item, verdict: &judged.verdict, scenario })
        })
        .collect()
}

/// How much a scenario's verdict says of an item, compared with another scenario's; the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// The scenario could not be played against an app that keeps running, which says nothing.
    OutOfReach,
    NotApplicable,
    NotRun,
    /// Left to a person, which counts only where no scenario decided.
    Review,
    Pass,
    Warn,
    /// Failed for trouble that is neither the app's nor the configuration's.
    Trouble,
    ConfigFails,
    AppFails,
}

/// A verdict that was reached counts before one that was not: what kept one scenario from judging an item says nothing of what
/// another has seen. Of failures the app's own counts first, so that trouble elsewhere does not hide it.
fn weight(end: &ScenarioEnd, verdict: &Verdict) -> Weight {
    if matches!(end, ScenarioEnd::OutOfReach(_)) {
        return Weight::OutOfReach;
    }
    match verdict {
        Verdict::NotApplicable(_) => Weight::NotApplicable,
        Verdict::NotRun { .. } => Weight::NotRun,
        Verdict::Review(_) => Weight::Review,
        Verdict::Pass(_) => Weight::Pass,
        Verdict::Warn(_) => Weight::Warn,
        Verdict::Fail(finding) => match finding.blame {
            Blame::Harness | Blame::MockGap => Weight::Trouble,
            Blame::Config => Weight::ConfigFails,
            Blame::App => Weight::AppFails,
        },
    }
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
