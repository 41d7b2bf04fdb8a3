//! The authorization request has `response_type=code`, known client, registered redirect URI, known scopes, accounts:read.

use flowcheck_evidence::{ACCOUNTS_READ, AuthorizeCall, LISTED_SCOPES};

use super::seen_requests::unseen;
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::{Finding, Statement, Value, Verdict, counted, statement};

/// `oauth.authorize.request`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.authorize.request",
    group: Group::Oauth,
    requirement: "The authorization request has response_type=code, known client, registered redirect URI, known scopes, accounts:read",
    judged: "Every authorization request",
    source: documents::OAUTH,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "build the address from the settings registered at Klaviyo, accounts:read among the scopes",
    guidance: Topic::Authorize,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let mut checked = 0;
    let mut of_no_list = Vec::new();
    for call in flow.events.authorize_calls() {
        checked += 1;
        of_no_list.extend(unlisted(&call.it.scopes));
        let problems = problems_of(call.it);
        if !problems.is_empty() {
            return Verdict::Fail(
                Finding::app(
                    "response_type=code, known client, registered redirect URI, known scopes, accounts:read",
                    statement!("{problems}", problems = Value::list("; ", problems)),
                )
                .likely(why_malformed(call.it))
                .at(call.seq),
            );
        }
    }
    if checked == 0 {
        unseen(flow)
    } else {
        of_no_list.sort_unstable();
        of_no_list.dedup();
        let requests = counted(checked, "authorization request", "authorization requests");
        Verdict::Pass(statement!("{requests}, all well formed{unlisted}", requests, unlisted = in_words(&of_no_list)))
    }
}

fn problems_of(call: &AuthorizeCall) -> Vec<Statement> {
    let mut problems = Vec::new();
    if call.response_type.as_deref() != Some("code") {
        problems
            .push(statement!("response_type: {sent}", sent = Value::name_or(call.response_type.as_deref(), "none")));
    }
    if !call.client_known {
        // Of a client that is not known, neither redirect URIs nor scopes are known.
        return vec![statement!(
            "client_id {sent} is not registered",
            sent = Value::name_or(call.client_id.as_deref(), "(none)")
        )];
    }
    if !call.redirect_uri_registered {
        problems.push(statement!(
            "redirect_uri {sent} is not registered",
            sent = Value::name_or(call.redirect_uri.as_deref(), "(none)")
        ));
    }
    if !call.unknown_scopes.is_empty() {
        let unlisted = in_words(&unlisted(&call.unknown_scopes));
        problems.push(statement!(
            "scopes that the app's settings do not have: {scopes}{unlisted}",
            scopes = Value::scopes(&call.unknown_scopes),
            unlisted
        ));
    }
    if !call.scopes.iter().any(|scope| scope == ACCOUNTS_READ) {
        problems.push("accounts:read is missing, which Klaviyo requires".into());
    }
    if !call.repeated.is_empty() {
        problems.push(statement!(
            "parameters sent more than once: {names}",
            names = Value::list(" ", call.repeated.iter().map(Value::name))
        ));
    }
    problems
}

/// Those of some scopes that no list of Klaviyo's has.
fn unlisted(scopes: &[String]) -> Vec<&str> {
    scopes.iter().map(String::as_str).filter(|scope| !LISTED_SCOPES.contains(scope)).collect()
}

/// That no list has them; nothing where there are none.
fn in_words(unlisted: &[&str]) -> Statement {
    match unlisted {
        [] => "".into(),
        scopes => statement!(" (no list of Klaviyo's scopes has {scopes})", scopes = Value::scopes(scopes)),
    }
}

fn why_malformed(call: &AuthorizeCall) -> &'static str {
    if !call.client_known {
        "the app uses another client id than flowcheck.yaml names"
    } else if !call.redirect_uri_registered {
        "the app's redirect URI is not among those in flowcheck.yaml; at Klaviyo it must be registered to the letter"
    } else if !call.unknown_scopes.is_empty() {
        "the app asks for more than its settings at Klaviyo (and `scopes` in flowcheck.yaml) name"
    } else if call.scopes.is_empty() {
        "no scope is sent at all"
    } else if !call.scopes.iter().any(|scope| scope == ACCOUNTS_READ) {
        "the list has only what the app's features need; Klaviyo wants this scope from every app"
    } else {
        "the authorization address is put together by hand"
    }
}
