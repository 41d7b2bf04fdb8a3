//! An install that is too far out of date can be revoked by the app; optional.

use flowcheck_evidence::{AppEvent, Event, Facts, PageKind, Place, TokenState};

use super::scope_update::updated;
use crate::flow::{Flow, place};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::install_state::{lists_app, shows, signs};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::verdict::{Finding, Verdict, statement};

/// `scope.outdated-revoked`.
pub(crate) static ITEM: Item = Item {
    id: "scope.outdated-revoked",
    group: Group::Scopes,
    requirement: "An install that is too far out of date can be revoked by the app; optional",
    judged: "A live token is revoked, and neither Klaviyo nor the app shows the install any longer",
    source: documents::HANDLING,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: remedies::SCOPE,
    guidance: Topic::Disconnect,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let update = match updated(flow) {
        Ok(update) => update,
        Err(verdict) => return verdict,
    };
    if let Some(blocked) = without_tokens(flow) {
        return blocked;
    }
    let entries = flow.events.since(update.seq);
    let ended = entries.entries().iter().find_map(|entry| match &entry.event {
        Event::App(AppEvent::Triggered(_)) => flow.events.ended_after(entry.seq).map(|_| entry.seq),
        _ => None,
    });
    let Some(ended) = ended else { return cut_short(flow, "the app was made to revoke outdated installs") };
    let expected = "the outdated install revoked by a live token, gone from Klaviyo, and not shown as installed";
    let revoked = entries.exchanges().any(|exchange| {
        matches!(&exchange.it.facts, Facts::Revoke(call) if call.client_ok && call.token_state == TokenState::Live)
    });
    if !revoked {
        return Verdict::Fail(
            Finding::app(expected, "no live token revoked")
                .likely("the app forgets the install, but does not tell Klaviyo")
                .at(ended),
        );
    }
    let settings = entries.looks(|place| matches!(place, Place::Settings(_)));
    if let Some(page) = settings.iter().find(|page| shows(page.it, PageKind::Installed)) {
        let saw = statement!("{page} shows {signs}", page = place(page.it, flow.setup), signs = signs(page.it));
        return Verdict::Fail(Finding::app(expected, saw).likely("what the page shows is not changed").at(page.seq));
    }
    let integrations = entries.looks(|place| *place == Place::Integrations);
    match (settings.last(), integrations.last()) {
        (Some(_), Some(page)) if lists_app(page.it, flow.setup) => Verdict::Fail(
            Finding::app(expected, "still listed on Klaviyo's integrations page")
                .likely("the token revoked was another install's")
                .at(page.seq),
        ),
        (Some(_), Some(_)) => Verdict::Pass("revoked, gone from Klaviyo, and not shown as installed".into()),
        _ => cut_short(flow, "the app's settings and Klaviyo's integrations page were looked at"),
    }
}
