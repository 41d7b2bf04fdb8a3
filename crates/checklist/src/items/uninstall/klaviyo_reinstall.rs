//! After uninstalling in Klaviyo, the user can install the app again.

use super::ended_install::{reinstalls, uninstalled_in_klaviyo};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::Verdict;

/// `uninstall.klaviyo.reinstall`.
pub(crate) static ITEM: Item = Item {
    id: "uninstall.klaviyo.reinstall",
    group: Group::Uninstall,
    requirement: "After uninstalling in Klaviyo, the user can install the app again",
    judged: "The installation completes, and the app's settings show it",
    source: documents::FROM_KLAVIYO,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::CRASHED],
    remedy: "let an install replace a connection that has ended",
    guidance: Topic::Ended,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    match uninstalled_in_klaviyo(flow) {
        Ok(after) => reinstalls(flow, after),
        Err(verdict) => verdict,
    }
}
