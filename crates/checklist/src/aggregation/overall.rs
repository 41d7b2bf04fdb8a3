//! What a run as a whole comes to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::aggregate::{ItemOutcome, aggregate};
use super::expected_failures::{stale, waits_for_expected};
use super::outcome::{Outcome, ScenarioEnd};
use crate::items::Tier;
use crate::verdict::{Blame, VerdictKind};

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

/// What the run comes to.
pub fn overall(outcome: &Outcome) -> Overall {
    let items = aggregate(outcome);
    let run = &outcome.run;
    let failed =
        |blame: Blame| items.iter().any(|item| item.counts_as(run) == VerdictKind::Fail && item.blame() == Some(blame));
    let flaky = run.fail_on_flaky && outcome.scenarios.iter().any(|scenario| scenario.flaky(run).next().is_some());
    let ended = |how: fn(&ScenarioEnd) -> bool| outcome.scenarios.iter().any(|scenario| how(&scenario.end));
    let harness_trouble = ended(|end| matches!(end, ScenarioEnd::Harness(_) | ScenarioEnd::AppUnavailable(_)));
    // Advice that the file says nothing of is listed as not run, and keeps no run from passing.
    let left_undeclared = |item: &ItemOutcome<'_>| {
        let undeclared = matches!(item.scenario.end, ScenarioEnd::Undeclared(_));
        undeclared && item.item.tier == Tier::Hardening && !run.strict
    };
    let not_run = items.iter().any(|item| {
        let missing = item.verdict.kind() == VerdictKind::NotRun && !left_undeclared(item);
        missing && !waits_for_expected(item, &items, run)
    });
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
