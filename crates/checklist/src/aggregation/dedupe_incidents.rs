//! Incidents of the app that several scenarios met: the first of them that asks for an item of the gate tells it, else the first of all,
//! and what it kept the others from showing is blocked. Advice that tells it would hide that the gate was not looked at.

use crate::attribution::callback_blame::TELLS;

use super::outcome::{Outcome, ScenarioEnd, ScenarioOutcome};
use crate::item_id::ItemId;
use crate::items::is_gate;
use crate::judged_item::JudgedItem;
use crate::verdict::{IncidentId, Verdict};

/// An incident that a scenario met.
struct Met {
    incident: IncidentId,
    /// The items that tell it, one of the gate first.
    items: Vec<ItemId>,
}

/// Which scenario's account of an incident counts: the lowest is taken, and of several equal ones the first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Precedence {
    /// A callback that stopped early, told by its own item.
    OwnItem,
    Gate,
    Advice,
}

impl Met {
    fn precedence(&self) -> Precedence {
        match self.items.first() {
            Some(item) if self.is_callback() && item.as_str() == TELLS => Precedence::OwnItem,
            Some(item) if is_gate(item) => Precedence::Gate,
            _ => Precedence::Advice,
        }
    }

    fn is_callback(&self) -> bool {
        matches!(self.incident, IncidentId::Callback { .. })
    }

    /// Adds an item that fails by the incident.
    fn add(&mut self, item: &ItemId) {
        if self.is_callback() && item.as_str() == TELLS {
            self.items = vec![item.clone()];
        } else if self.precedence() != Precedence::OwnItem {
            let is_first = is_gate(item) && self.precedence() == Precedence::Advice;
            self.items.insert(if is_first { 0 } else { self.items.len() }, item.clone());
        }
    }
}

/// The incidents of a scenario.
fn met_in(scenario: &ScenarioOutcome) -> Vec<Met> {
    let mut all: Vec<Met> = Vec::new();
    for judged in &scenario.items {
        let Some(incident) = told_by(judged) else { continue };
        match all.iter_mut().find(|met| met.incident == *incident) {
            Some(met) => met.add(&judged.item),
            None => all.push(Met { incident: incident.clone(), items: vec![judged.item.clone()] }),
        }
    }
    all
}

/// The incident that an item tells. A callback that stopped early is told by its item though only a person can say whether it fails.
fn told_by(judged: &JudgedItem) -> Option<&IncidentId> {
    let incident = judged.verdict.finding()?.incident.as_deref()?;
    let is_its_own = judged.item.as_str() == TELLS && matches!(incident, IncidentId::Callback { .. });
    (matches!(judged.verdict, Verdict::Fail(_)) || is_its_own).then_some(incident)
}

/// Leaves the failure by each incident to the items of the scenario that tells it.
pub(super) fn dedupe(outcome: &mut Outcome) {
    let completed = |scenario: &&ScenarioOutcome| scenario.end == ScenarioEnd::Completed;
    let mut all: Vec<Met> = outcome.scenarios.iter().filter(completed).flat_map(met_in).collect();
    all.sort_by_key(Met::precedence);
    let scenarios = outcome.scenarios.iter_mut().filter(|scenario| scenario.end == ScenarioEnd::Completed);
    for judged in scenarios.flat_map(|scenario| &mut scenario.items) {
        let Verdict::Fail(finding) = &judged.verdict else { continue };
        let Some(met) = finding.incident.as_deref().and_then(|it| all.iter().find(|met| met.incident == *it)) else {
            continue;
        };
        if !met.items.contains(&judged.item) {
            judged.verdict = Verdict::NotRun { reason: finding.saw.clone(), blocked_by: met.items.first().cloned() };
        }
    }
}
