//! The authorization request has `response_type=code`, known client, registered redirect URI, known scopes, accounts:read.

use flowcheck_evidence::{ACCOUNTS_READ, AuthorizeCall, count};

use super::seen_requests::unseen;
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::{Finding, Verdict};

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
    for call in flow.events.authorize_calls() {
        checked += 1;
        let problems = problems_of(call.it);
        if !problems.is_empty() {
            return Verdict::Fail(
                Finding::app(
                    "response_type=code, known client, registered redirect URI, known scopes, accounts:read",
                    problems.join("; "),
                )
                .likely(why_malformed(call.it))
                .at(call.seq),
            );
        }
    }
    if checked == 0 {
        unseen(flow)
    } else {
        Verdict::Pass(format!("{}, all well formed", count(checked, "authorization request", "authorization requests")))
    }
}

fn problems_of(call: &AuthorizeCall) -> Vec<String> {
    let mut problems = Vec::new();
    if call.response_type.as_deref() != Some("code") {
        problems.push(format!("response_type: {}", call.response_type.as_deref().unwrap_or("none")));
    }
    if !call.client_known {
        // Of a client that is not known, neither redirect URIs nor scopes are known.
        return vec![format!("client_id {} is not registered", call.client_id.as_deref().unwrap_or("(none)"))];
    }
    if !call.redirect_uri_registered {
        problems.push(format!("redirect_uri {} is not registered", call.redirect_uri.as_deref().unwrap_or("(none)")));
    }
    if !call.unknown_scopes.is_empty() {
        problems.push(format!("scopes that the app's settings do not have: {}", call.unknown_scopes.join(" ")));
    }
    if !call.scopes.iter().any(|scope| scope == ACCOUNTS_READ) {
        problems.push("accounts:read is missing, which Klaviyo requires".to_owned());
    }
    if !call.repeated.is_empty() {
        problems.push(format!("parameters sent more than once: {}", call.repeated.join(" ")));
    }
    problems
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
