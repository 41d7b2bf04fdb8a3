//! How verdicts add up: items over scenarios, and the run over items.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::expected::{stale, waits_for_expected};
use super::ledger::least_over;
use super::repeated;
use super::{Blame, Item, Outcome, RunInfo, ScenarioEnd, ScenarioOutcome, Tier, Verdict, VerdictKind, catalogue};
use flowcheck_evidence::Evidence;

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

/// What the run as a whole comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Overall {
    /// Every applicable gate item passed.
    Passed,
    /// The app failed an item, also where the harness had trouble beside it; or one was flaky, where that fails the run.
    AppFailed,
    /// The configuration or a scenario is at fault, or an expected failure did not come.
    Config,
    /// The environment or the harness broke, or an applicable item was not run for no fault of the app.
    Incomplete,
    /// Nothing was judged.
    NothingRun,
    /// The user interrupted it.
    Interrupted,
}

impl Overall {
    /// The program's exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::AppFailed => 1,
            Self::Config => 2,
            Self::Incomplete => 3,
            Self::NothingRun => 4,
            Self::Interrupted => 130,
        }
    }
}

/// The items in the catalogue's order, each with the worst verdict that any scenario gave it.
pub fn add_up(outcome: &Outcome) -> Vec<ItemOutcome<'_>> {
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

/// Judges an item by the evidence of several scenarios.
type JudgeOfAll = fn(&[&Evidence]) -> Verdict;

/// Items that no scenario can judge alone, each with how all evidence of a run is judged.
const OVER_THE_RUN: &[(&str, JudgeOfAll)] = &[("scope.least", least_over)];

/// Settles what only the whole run shows: items that add up over it are judged by everything that was seen, in place of what
/// each scenario said, and a mishap that several scenarios met is told once.
pub fn settle(outcome: &mut Outcome) {
    add_ledgers(outcome);
    repeated::fold(outcome);
}

fn add_ledgers(outcome: &mut Outcome) {
    let completed = |scenario: &&ScenarioOutcome| scenario.end == ScenarioEnd::Completed;
    let all: Vec<&Evidence> =
        outcome.scenarios.iter().filter(completed).filter_map(|scenario| scenario.evidence.as_ref()).collect();
    let verdicts: Vec<(&str, Verdict)> = OVER_THE_RUN.iter().map(|(id, judge)| (*id, judge(&all))).collect();
    for scenario in outcome.scenarios.iter_mut().filter(|scenario| scenario.end == ScenarioEnd::Completed) {
        for (id, verdict) in &verdicts {
            for judged in scenario.items.iter_mut().filter(|judged| judged.item.as_str() == *id) {
                judged.verdict = verdict.clone();
            }
        }
    }
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

    fn blame(&self) -> Option<Blame> {
        self.verdict.finding().map(|finding| finding.blame)
    }
}

/// What the run comes to.
pub fn overall(outcome: &Outcome) -> Overall {
    let items = add_up(outcome);
    let run = &outcome.run;
    let failed =
        |blame: Blame| items.iter().any(|item| item.counts_as(run) == VerdictKind::Fail && item.blame() == Some(blame));
    let flaky = run.fail_on_flaky && outcome.scenarios.iter().any(|scenario| scenario.flaky(run).next().is_some());
    let ended = |how: fn(&ScenarioEnd) -> bool| outcome.scenarios.iter().any(|scenario| how(&scenario.end));
    let harness_trouble = ended(|end| matches!(end, ScenarioEnd::Harness(_) | ScenarioEnd::AppUnavailable(_)));
    let not_run =
        items.iter().any(|item| item.verdict.kind() == VerdictKind::NotRun && !waits_for_expected(item, &items, run));
    if outcome.run.interrupted {
        Overall::Interrupted
    } else if failed(Blame::App) || flaky {
        Overall::AppFailed
    } else if failed(Blame::Config) || !stale(outcome).is_empty() || ended(|end| matches!(end, ScenarioEnd::Config(_)))
    {
        Overall::Config
    } else if harness_trouble || not_run || failed(Blame::Harness) || failed(Blame::MockGap) {
        Overall::Incomplete
    } else if items.iter().all(|item| item.verdict.kind() == VerdictKind::NotApplicable) {
        Overall::NothingRun
    } else {
        Overall::Passed
    }
}
