//! Uninstalled in Klaviyo, the app shows itself as uninstalled.

use super::ended_install::{could_have_told, shown_as_uninstalled, uninstalled_in_klaviyo};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::{Finding, Verdict};

/// `uninstall.klaviyo.shown`.
pub(crate) static ITEM: Item = Item {
    id: "uninstall.klaviyo.shown",
    group: Group::Uninstall,
    requirement: "Uninstalled in Klaviyo, the app shows itself as uninstalled",
    judged: "The state of its settings page, after it has seen a 401 or had its trigger",
    source: documents::FROM_KLAVIYO,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "take a 401 after a failed refresh for the end of the install, and mark the connection as ended",
    guidance: Topic::Ended,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let after = match uninstalled_in_klaviyo(flow) {
        Ok(after) => after,
        Err(verdict) => return verdict,
    };
    let told_before = |seq: u32| flow.events.since(after).before(seq).entries().iter().any(could_have_told);
    let likely = "the page shows what the app once stored, not whether the tokens are still good";
    match shown_as_uninstalled(flow, after, likely) {
        Verdict::Fail(finding) if !told_before(finding.at.unwrap_or(u32::MAX)) => Verdict::Review(Finding {
            saw: format!("{}; but the app had met no 401 and had no trigger to call Klaviyo", finding.saw),
            likely: None,
            ..finding
        }),
        other => other,
    }
}
