//! After an update, a new install is prompted for the updated scopes.

use flowcheck_evidence::{Event, KlaviyoEvent, PageKind, Purpose};

use super::scope_update::{absent_from, updated};
use crate::flow::{Flow, Window};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::{cut_short, not_started, undecided};
use crate::verdict::{Finding, Value, Verdict, statement};

/// `scope.new-install`.
pub(crate) static ITEM: Item = Item {
    id: "scope.new-install",
    group: Group::Scopes,
    requirement: "After an update, a new install is prompted for the updated scopes",
    judged: "The consent page shows them, and the token carries them",
    source: documents::REQUEST,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: remedies::SCOPE,
    guidance: Topic::Scopes,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let update = match updated(flow) {
        Ok(update) => update,
        Err(verdict) => return verdict,
    };
    let Some(attempt) = flow.attempt_after(update.seq) else { return not_started(flow) };
    let expected = statement!("a new install prompted for {scopes}", scopes = Value::scopes(&update.added));
    let Some(consent) = attempt.events.pages().find(|page| page.it.kind == PageKind::KlaviyoConsent) else {
        return undecided(flow, attempt);
    };
    let absent = absent_from(&update.added, |scope| consent.it.text.contains(scope));
    if !absent.is_empty() {
        return Verdict::Fail(
            Finding::app(expected, statement!("a consent page without {scopes}", scopes = Value::scopes(&absent)))
                .likely("the authorization request still names the old scopes alone")
                .at(consent.seq),
        );
    }
    let Some(granted) = granted(attempt.events) else {
        return match attempt.decided(&Purpose::Allow) {
            Some(_) if attempt.is_over() => {
                Verdict::blocked_by("install.completes", "the installation did not complete")
            }
            _ => cut_short(flow, "the new install was seen to its end"),
        };
    };
    let absent = absent_from(&update.added, |scope| granted.contains(scope));
    if absent.is_empty() {
        Verdict::Pass(statement!(
            "consent shows {scopes} and the token carries it",
            scopes = Value::scopes(&update.added)
        ))
    } else {
        Verdict::Fail(
            Finding::app(expected, statement!("a token without {scopes}", scopes = Value::scopes(&absent)))
                .likely("")
                .at(consent.seq),
        )
    }
}

fn granted(events: Window<'_>) -> Option<&Vec<String>> {
    events.entries().iter().find_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::Installed { scopes, .. }) => Some(scopes),
        _ => None,
    })
}
