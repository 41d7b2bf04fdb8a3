//! The history of runs: each scenario's last result and duration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::checklist::{Outcome, ScenarioEnd, ScenarioOutcome, VerdictKind};

/// The last result of every scenario that was played, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Version of the format.
    #[serde(default)]
    version: u32,
    /// By the scenario's id.
    #[serde(default)]
    scenarios: BTreeMap<String, Last>,
}

/// A scenario's last result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// The worst verdict that its items counted as.
    pub verdict: VerdictKind,
    /// Whether an item failed or was not run.
    pub failed: bool,
    /// Milliseconds it took.
    pub took_ms: u64,
    /// When that run began, RFC 3339.
    pub when: String,
}

impl History {
    /// A scenario's last result.
    pub fn last(&self, scenario: &str) -> Option<&Last> {
        self.scenarios.get(scenario)
    }

    /// Adds a run. Scenarios that it did not play keep their last result, and so do the `partial` ones, of which only some items were
    /// judged.
    pub fn add(&mut self, outcome: &Outcome, partial: &[String]) {
        self.version = 1;
        for scenario in outcome.scenarios.iter().filter(|scenario| was_played(scenario)) {
            if partial.contains(&scenario.id) {
                continue;
            }
            let verdict = scenario
                .items
                .iter()
                .map(|judged| scenario.counts_as(judged, &outcome.run))
                .max()
                .unwrap_or(VerdictKind::NotRun);
            let last = Last {
                verdict,
                failed: matches!(verdict, VerdictKind::Fail | VerdictKind::NotRun),
                took_ms: scenario.took_ms,
                when: outcome.run.began.clone(),
            };
            self.scenarios.insert(scenario.id.clone(), last);
        }
    }
}

/// Whether the scenario ended by itself: an interrupted one has no result.
fn was_played(scenario: &ScenarioOutcome) -> bool {
    !matches!(scenario.end, ScenarioEnd::Interrupted | ScenarioEnd::NotApplicable(_) | ScenarioEnd::Undeclared(_))
}
