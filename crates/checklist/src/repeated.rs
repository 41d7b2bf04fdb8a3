//! A mishap of the app that several scenarios met: told by the first of them; what it kept the others from showing is blocked.

use super::mishap::met_in;
use super::{ItemId, Outcome, ScenarioEnd, Verdict};

/// A mishap, and the items that failed by it in the scenario that met it first.
struct Met {
    /// What it was and where, but for figures that differ from one time to the next.
    mark: String,
    items: Vec<ItemId>,
}

/// Leaves each mishap's failure to the items of the scenario that met it first.
pub(super) fn fold(outcome: &mut Outcome) {
    let mut all: Vec<Met> = Vec::new();
    for scenario in outcome.scenarios.iter_mut().filter(|scenario| scenario.end == ScenarioEnd::Completed) {
        let Some(evidence) = &scenario.evidence else { continue };
        let mut here: Vec<Met> = Vec::new();
        let mishaps = met_in(evidence);
        for judged in &mut scenario.items {
            let Verdict::Fail(finding) = &judged.verdict else { continue };
            let Some((told, mark)) = mishaps.iter().find(|(told, _)| *told == finding.saw) else { continue };
            match all.iter().find(|met| met.mark == *mark) {
                Some(met) if met.items.contains(&judged.item) => {}
                Some(met) => {
                    let blocked_by = met.items.first().cloned();
                    judged.verdict = Verdict::NotRun { reason: told.clone(), blocked_by };
                }
                None => match here.iter_mut().find(|met| met.mark == *mark) {
                    Some(met) => met.items.push(judged.item.clone()),
                    None => here.push(Met { mark: mark.clone(), items: vec![judged.item.clone()] }),
                },
            }
        }
        all.append(&mut here);
    }
}
