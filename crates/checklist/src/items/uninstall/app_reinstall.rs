//! After uninstalling in the app, the user can install it again.

use super::ended_install::{disconnected, reinstalls};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::Verdict;

/// `uninstall.app.reinstall`.
pub(crate) static ITEM: Item = Item {
    id: "uninstall.app.reinstall",
    group: Group::Uninstall,
    requirement: "After uninstalling in the app, the user can install it again",
    judged: "The installation completes, and the app's settings show it",
    source: documents::FROM_APP,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::CRASHED],
    remedy: "let an install replace what is left of the one before",
    guidance: Topic::Disconnect,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    match disconnected(flow) {
        Ok((after, _)) => reinstalls(flow, after),
        Err(verdict) => verdict,
    }
}
