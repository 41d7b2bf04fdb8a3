//! The authorization request names the scopes of the app's settings, new ones too.

use flowcheck_evidence::{ACCOUNTS_READ, Event, KlaviyoEvent};

use super::scope_update::update;
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::{cut_short, not_started};
use crate::verdict::{Finding, Value, Verdict, statement};

/// `scope.requested`.
pub(crate) static ITEM: Item = Item {
    id: "scope.requested",
    group: Group::Scopes,
    requirement: "The authorization request names the scopes of the app's settings, new ones too",
    judged: "`scope` equals the scopes declared in flowcheck.yaml; for review where those were copied from the request",
    source: documents::REQUEST,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: "build the authorization request's `scope` from the list in the app's settings",
    guidance: Topic::Authorize,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let calls: Vec<_> = flow.events.authorize_calls().collect();
    let Some(last) = calls.last() else { return not_started(flow) };
    for call in &calls {
        let declared = declared(flow, call.seq);
        let missing: Vec<&str> =
            declared.iter().filter(|scope| !call.it.scopes.contains(scope)).map(String::as_str).collect();
        let surplus: Vec<&str> = call.it.unknown_scopes.iter().map(String::as_str).collect();
        if missing.is_empty() && surplus.is_empty() {
            continue;
        }
        let of = |what: &'static str, scopes: &[&str]| match scopes {
            [] => None,
            scopes => Some(statement!("{what} {scopes}", what, scopes = Value::scopes(scopes))),
        };
        let parts = [of("without", &missing), of("with undeclared", &surplus)].into_iter().flatten();
        let likely = if missing == [ACCOUNTS_READ] && surplus.is_empty() {
            "the list has only what the app's features need; Klaviyo wants this scope from every app"
        } else if update(flow).is_some_and(|update| update.seq < call.seq) {
            "scopes added to the app's settings were not added to its authorization request"
        } else {
            "the app's request and its settings at Klaviyo (`klaviyo.scopes`) name different scopes"
        };
        return Verdict::Fail(
            Finding::app(
                "`scope` naming the scopes of the app's settings",
                statement!("a request {parts}", parts = Value::list(" and ", parts)),
            )
            .likely(likely)
            .at(call.seq),
        );
    }
    if flow.setup.app.scopes_copied {
        return Verdict::Review(
            Finding::app(
                "`scope` naming the scopes of the app's settings",
                "scopes in flowcheck.yaml that were copied from the request: compare them with the settings at Klaviyo",
            )
            .at(last.seq),
        );
    }
    if let Some(update) = update(flow)
        && update.seq > last.seq
    {
        return cut_short(flow, "the app asked for its new scopes");
    }
    Verdict::Pass(statement!("asked for {scopes}", scopes = Value::scopes(&last.it.scopes)))
}

/// The scopes of the app's settings at a place on the timeline.
fn declared(flow: &Flow<'_>, seq: u32) -> Vec<String> {
    let mut changes = flow.events.before(seq).entries().iter().filter_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::ScopesChanged { scopes, .. }) => Some(scopes.clone()),
        _ => None,
    });
    changes.next_back().unwrap_or_else(|| flow.setup.app.scopes.clone())
}
