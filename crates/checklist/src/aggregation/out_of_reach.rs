//! Items that no scenario could judge because the app keeps running.

use super::aggregate::aggregate;
use super::outcome::{Outcome, ScenarioEnd};
use super::scenario_problem::Problem;
use crate::item_id::ItemId;
use crate::verdict::VerdictKind;

impl Outcome {
    /// Items that no scenario could judge because the app keeps running, by reason.
    pub fn out_of_reach(&self) -> Vec<(&Problem, Vec<ItemId>)> {
        let mut reasons: Vec<(&Problem, Vec<ItemId>)> = Vec::new();
        for item in aggregate(self).iter().filter(|item| item.verdict.kind() == VerdictKind::NotRun) {
            let ScenarioEnd::OutOfReach(why) = &item.scenario.end else { continue };
            let id = ItemId::from(item.item.id);
            match reasons.iter_mut().find(|(known, _)| *known == why) {
                Some((_, items)) => items.push(id),
                None => reasons.push((why, vec![id])),
            }
        }
        reasons
    }
}
