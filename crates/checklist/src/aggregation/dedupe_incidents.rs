//! Incidents of the app that several scenarios met: the first of them that asks for an item of the gate tells it, else the first of all,
//! and what it kept the others from showing is blocked. Advice that tells it would hide that the gate was not looked at.

use crate::attribution::callback_blame::TELLS;

use super::outcome::{Outcome, ScenarioEnd};
use crate::item_id::ItemId;
use crate::items::{Tier, find};
use crate::verdict::{IncidentId, Verdict};

/// An incident, and the items that failed by it in the scenario that met it first.
struct Met {
    incident: IncidentId,
    items: Vec<ItemId>,
}

/// Callbacks that stopped early: whichever scenario is the first, one item tells of them.
fn told_by_their_own_item(outcome: &Outcome) -> Vec<Met> {
    let mut all: Vec<Met> = Vec::new();
    let completed = outcome.scenarios.iter().filter(|scenario| scenario.end == ScenarioEnd::Completed);
    for judged in completed.flat_map(|scenario| &scenario.items).filter(|judged| judged.item.as_str() == TELLS) {
        let Some(incident) = judged.verdict.finding().and_then(|finding| finding.incident.as_deref()) else { continue };
        if matches!(incident, IncidentId::Callback { .. }) && !all.iter().any(|met| met.incident == *incident) {
            all.push(Met { incident: incident.clone(), items: vec![judged.item.clone()] });
        }
    }
    all
}

/// Incidents by which an item of the gate failed, each in the first scenario where one did.
fn told_by_the_gate(outcome: &Outcome, all: &mut Vec<Met>) {
    for scenario in outcome.scenarios.iter().filter(|scenario| scenario.end == ScenarioEnd::Completed) {
        let mut here: Vec<Met> = Vec::new();
        for (incident, item) in
            scenario.items.iter().filter_map(|judged| Some((incident(&judged.verdict)?, &judged.item)))
        {
            match here.iter_mut().find(|met| met.incident == *incident) {
                Some(met) => met.items.push(item.clone()),
                None => here.push(Met { incident: incident.clone(), items: vec![item.clone()] }),
            }
        }
        let is_gate = |item: &ItemId| find(item.as_str()).is_some_and(|item| item.tier == Tier::Gate);
        for mut met in here {
            let is_known = all.iter().any(|other| other.incident == met.incident);
            if let Some(first) = met.items.iter().position(is_gate).filter(|_| !is_known) {
                met.items.swap(0, first);
                all.push(met);
            }
        }
    }
}

/// The incident by which a verdict fails.
fn incident(verdict: &Verdict) -> Option<&IncidentId> {
    match verdict {
        Verdict::Fail(finding) => finding.incident.as_deref(),
        _ => None,
    }
}

/// Leaves the failure by each incident to the items of the scenario that tells it.
pub(super) fn dedupe(outcome: &mut Outcome) {
    let mut all = told_by_their_own_item(outcome);
    told_by_the_gate(outcome, &mut all);
    for scenario in outcome.scenarios.iter_mut().filter(|scenario| scenario.end == ScenarioEnd::Completed) {
        let mut here: Vec<Met> = Vec::new();
        for judged in &mut scenario.items {
            let Verdict::Fail(finding) = &judged.verdict else { continue };
            let Some(incident) = &finding.incident else { continue };
            match all.iter().find(|met| met.incident == **incident) {
                Some(met) if met.items.contains(&judged.item) => {}
                Some(met) => {
                    let blocked_by = met.items.first().cloned();
                    judged.verdict = Verdict::NotRun { reason: finding.saw.clone(), blocked_by };
                }
                None => match here.iter_mut().find(|met| met.incident == **incident) {
                    Some(met) => met.items.push(judged.item.clone()),
                    None => here.push(Met { incident: incident.as_ref().clone(), items: vec![judged.item.clone()] }),
                },
            }
        }
        all.append(&mut here);
    }
}
