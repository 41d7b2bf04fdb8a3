//! The app no longer shows itself as installed, also after signing in again.

use flowcheck_evidence::{Place, Purpose};

use super::ended_install::{before_next_start, disconnected, refused, shown_as_uninstalled};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::cut_short;
use crate::verdict::Verdict;

/// `uninstall.app.shown`.
pub(crate) static ITEM: Item = Item {
    id: "uninstall.app.shown",
    group: Group::Uninstall,
    requirement: "The app no longer shows itself as installed, also after signing in again",
    judged: "The state of its settings page, before and after signing in again",
    source: documents::FROM_APP,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "delete the connection when the user disconnects, not only the session's copy of it",
    guidance: Topic::Disconnect,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let (after, _) = match disconnected(flow) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let likely = match refused(flow, after) {
        Some(_) => "the app's own request to disconnect failed, so that nothing was disconnected",
        None => "disconnecting does not change what the page shows",
    };
    match shown_as_uninstalled(flow, after, likely) {
        // Some apps forget the state of a session, and read it anew from what they stored at the next login.
        Verdict::Pass(_) if !looked_again(flow, after) => {
            cut_short(flow, "the app's settings were looked at after signing in again")
        }
        other => other,
    }
}

/// Whether the settings were looked at after the user had signed in again.
fn looked_again(flow: &Flow<'_>, after: u32) -> bool {
    let entries = before_next_start(flow, after);
    let again = entries.acts().rfind(|act| act.it.purpose == Purpose::SignInAgain);
    let seen = entries.looks(|place| matches!(place, Place::Settings(_)));
    again.is_some_and(|again| seen.iter().any(|page| page.seq > again.seq))
}
