//! The app leaves the account's integrations page in Klaviyo.

use flowcheck_evidence::Place;

use super::ended_install::{before_next_start, disconnected, left_to_somebody, review_mail};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::install_state::lists_app;
use crate::judging::not_run::cut_short;
use crate::verdict::{Finding, Verdict};

/// `uninstall.app.removed`.
pub(crate) static ITEM: Item = Item {
    id: "uninstall.app.removed",
    group: Group::Uninstall,
    requirement: "The app leaves the account's integrations page in Klaviyo",
    judged: "Event on that page",
    source: documents::FROM_APP,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "revoke the refresh token: that is what takes the app off Klaviyo's integrations page",
    guidance: Topic::Disconnect,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let (after, _) = match disconnected(flow) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let expected = "the app gone from Klaviyo's integrations page";
    match before_next_start(flow, after).looks(|place| *place == Place::Integrations).first() {
        Some(page) if lists_app(page.it, flow.setup) => match left_to_somebody(flow, after) {
            Some(mail) => review_mail(expected, mail),
            None => Verdict::Fail(
                Finding::app(expected, "it is still listed there")
                    .likely("no live token was revoked, so Klaviyo still counts the app as installed")
                    .at(page.seq),
            ),
        },
        Some(_) => Verdict::Pass("the integrations page no longer lists the app".into()),
        None => cut_short(flow, "Klaviyo's integrations page was looked at"),
    }
}
