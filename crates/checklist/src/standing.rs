//! An app that was running before flowcheck came, and goes on running.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ItemId, Outcome, ScenarioEnd, VerdictKind, add_up};

/// What is to be said of a run against an app that flowcheck did not start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExistingApp {
    /// Its base URL.
    pub url: String,
    /// What is there after the run and was not before, one sentence each.
    pub left_behind: Vec<String>,
}

/// What cannot be seen of such an app, whatever it does.
pub const UNSEEN: [&str; 3] = [
    "what it does by its own clock: where Klaviyo's time was moved, the app's was not",
    "whether it ended and was started again: only that it stopped answering",
    "the mails it sent: they went where they always go",
];

impl Outcome {
    /// Items that no scenario could judge because the app goes on running, by why.
    pub fn out_of_reach(&self) -> Vec<(&str, Vec<ItemId>)> {
        let mut reasons: Vec<(&str, Vec<ItemId>)> = Vec::new();
        for item in add_up(self).iter().filter(|item| item.verdict.kind() == VerdictKind::NotRun) {
            let ScenarioEnd::OutOfReach(why) = &item.scenario.end else { continue };
            let id = ItemId::from(item.item.id);
            match reasons.iter_mut().find(|(known, _)| known == why) {
                Some((_, items)) => items.push(id),
                None => reasons.push((why, vec![id])),
            }
        }
        reasons
    }
}
