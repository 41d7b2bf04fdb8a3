//! What only a whole run shows.

use flowcheck_evidence::Evidence;

use super::dedupe_incidents::dedupe;
use super::judge::judge;
use super::outcome::{Outcome, ScenarioEnd, ScenarioOutcome};
use crate::flow::{Flow, Timeline};
use crate::items::catalogue;
use crate::sources::current_checklist;
use crate::verdict::Verdict;

/// Completes an outcome by what only the whole run shows: items that are judged over it get that verdict in place of each
/// scenario's own, and an incident that several scenarios met fails items in the first of them only.
pub fn finalize(outcome: &mut Outcome) {
    judge_over_the_run(outcome);
    dedupe(outcome);
}

fn judge_over_the_run(outcome: &mut Outcome) {
    let completed = |scenario: &&ScenarioOutcome| scenario.end == ScenarioEnd::Completed;
    let all: Vec<&Evidence> =
        outcome.scenarios.iter().filter(completed).filter_map(|scenario| scenario.evidence.as_ref()).collect();
    let timelines: Vec<Timeline<'_>> = all.into_iter().map(Timeline::read).collect();
    let flows: Vec<Flow<'_>> = timelines.iter().map(Flow::of).collect();
    let judges = catalogue().iter().filter_map(|item| Some((item.id, item.over_the_run?)));
    let verdicts: Vec<(&str, Verdict)> = judges.filter_map(|(id, judge)| Some((id, judge(&flows)?))).collect();
    for scenario in outcome.scenarios.iter_mut().filter(|scenario| scenario.end == ScenarioEnd::Completed) {
        for (id, verdict) in &verdicts {
            for judged in scenario.items.iter_mut().filter(|judged| judged.item.as_str() == *id) {
                judged.verdict = verdict.clone();
            }
        }
    }
}

impl Outcome {
    /// The same run, its evidence judged again by this version of the checklist.
    pub fn judged_again(mut self) -> Self {
        for scenario in &mut self.scenarios {
            scenario.items = judge(&scenario.expects, &scenario.end, scenario.evidence.as_ref());
            for earlier in &mut scenario.earlier {
                earlier.items = judge(&scenario.expects, &earlier.end, earlier.evidence.as_ref());
            }
        }
        self.run.checklist = Some(current_checklist().to_owned());
        finalize(&mut self);
        self
    }
}
