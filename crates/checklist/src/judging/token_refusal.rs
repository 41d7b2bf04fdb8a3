//! Requests that Klaviyo would refuse in any attempt: the item that says why has failed, and no other.

use flowcheck_evidence::{ClientAuth, Facts, TokenCall, TokenOutcome};

use crate::attribution::callback_fault::has_no_route;
use crate::flow::Attempt;
use crate::verdict::{Verdict, statement};

/// The verdict on an item that an attempt got no tokens for because of a mistake that another item judges.
pub(crate) fn refused_in_any_attempt(attempt: &Attempt<'_>) -> Option<Verdict> {
    if attempt.issued().is_some() {
        return None;
    }
    if let Some(status) = has_no_route(attempt) {
        return Some(Verdict::blocked_by("install.completes", statement!("the callback answered {status}", status)));
    }
    let asked_for_people = attempt
        .events
        .exchanges()
        .any(|exchange| matches!(exchange.it.facts, Facts::Token(_)) && is_for_people(&exchange.it.host));
    if asked_for_people {
        return Some(Verdict::blocked_by(
            "oauth.token-host",
            "the token request went to another host than Klaviyo's API",
        ));
    }
    let refused = |call: &TokenCall| matches!(call.outcome, TokenOutcome::Refused { .. });
    let calls = || attempt.events.token_calls().filter(|call| refused(call.it));
    if calls().any(|call| call.it.redirect_uri_repeated == Some(false)) {
        return Some(Verdict::blocked_by("oauth.redirect-uri", "the token request named another redirect URI"));
    }
    if calls().any(|call| call.it.client_auth != ClientAuth::Basic && error_of(call.it) == Some("invalid_client")) {
        return Some(Verdict::blocked_by("oauth.client-auth", "the token request was sent without good credentials"));
    }
    None
}

/// The verdict on an item that an attempt did not reach consent for before a position, because Klaviyo refused the authorization
/// request: by an error page, or by a redirect with an error to the app.
pub(crate) fn refused_before(attempt: &Attempt<'_>, position: u32) -> Option<Verdict> {
    attempt.authorize_calls().any(|call| call.seq < position).then(|| refused_request(attempt))?
}

/// The verdict on an item that an attempt did not reach consent for, because Klaviyo refused the authorization request.
pub(crate) fn refused_request(attempt: &Attempt<'_>) -> Option<Verdict> {
    let last = attempt.authorize_calls().next_back()?.it;
    if last.attempt.is_some() {
        return None;
    }
    let malformed = !last.client_known
        || !last.redirect_uri_registered
        || last.response_type.as_deref() != Some("code")
        || !last.repeated.is_empty();
    let method = last.challenge_method.as_deref();
    let unmet = last.challenge.is_some() != method.is_some() || method.is_some_and(|method| method != "S256");
    if malformed {
        Some(Verdict::blocked_by("oauth.authorize.request", "Klaviyo refused the authorization request"))
    } else if unmet {
        Some(Verdict::blocked_by("oauth.pkce", "Klaviyo refused the authorization request for its challenge"))
    } else {
        None
    }
}

/// Whether a host is one of Klaviyo's for people. The loopback address that apps are configured with is not.
pub(crate) fn is_for_people(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or(host);
    name.contains("klaviyo.") && !name.starts_with("a.klaviyo.")
}

fn error_of(call: &TokenCall) -> Option<&str> {
    match &call.outcome {
        TokenOutcome::Refused { error, .. } => Some(error),
        TokenOutcome::Issued { .. } => None,
    }
}
