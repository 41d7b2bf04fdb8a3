//! What an app asks for at `/oauth/authorize`, and what is wrong with it.

use crate::attempts::Wish;
use crate::call::Call;
use crate::platform::State;
use crate::scopes;
use flowcheck_evidence::{AuthorizeCall, Recorder};

/// An authorization request that is in order, or how to refuse it.
pub(super) enum Read {
    /// The user can be asked.
    Good(Wish),
    /// There is nowhere safe to send the user: an error page, never a redirect (R 6749 §4.1.2.1). Title and text.
    Page(&'static str, String),
    /// The user goes back to the app with an error.
    Back { redirect_uri: String, state: Option<String>, error: &'static str, description: String },
}

/// Reads a request, and what a judge needs to know of it.
pub(super) fn read(call: &Call, state: &State, strict: bool, recorder: &Recorder) -> (AuthorizeCall, Read) {
    let query = &call.query;
    let text = |name: &str| query.get(name).map(|value| recorder.redact(value));
    let client = query.get("client_id").and_then(|id| state.client(id));
    let scopes = query.get("scope").map(scopes::split).unwrap_or_default();
    // Secrets are registered first, in case one of them stands where it should not.
    let secret = |name: &'static str| query.get(name).map(|value| recorder.secret(name, value));
    let (app_state, challenge) = (secret("state"), secret("code_challenge"));
    let declared = |scope: &String| client.is_some_and(|client| client.scopes.contains(scope));
    let facts = AuthorizeCall {
        attempt: None,
        client_id: client.map(|client| client.id.clone()).or_else(|| text("client_id")),
        client_known: client.is_some(),
        redirect_uri: text("redirect_uri"),
        redirect_uri_registered: client
            .zip(query.get("redirect_uri"))
            .is_some_and(|(client, uri)| client.redirect_uris.iter().any(|known| known == uri)),
        response_type: text("response_type"),
        unknown_scopes: scopes.iter().filter(|scope| !declared(scope)).map(|scope| recorder.redact(scope)).collect(),
        // Those of the app's settings are no secrets, though a password may be the word "read".
        scopes: scopes
            .iter()
            .map(|scope| if declared(scope) { scope.clone() } else { recorder.redact(scope) })
            .collect(),
        state: app_state,
        challenge,
        challenge_method: text("code_challenge_method"),
        repeated: query.repeated().iter().map(|name| recorder.redact(name)).collect(),
    };
    let read = judge(call, &facts, strict);
    (facts, read)
}

fn judge(call: &Call, facts: &AuthorizeCall, strict: bool) -> Read {
    let query = &call.query;
    let twice = |name: &str| facts.repeated.iter().any(|repeated| repeated == name);
    let Some(client_id) = query.get("client_id").filter(|_| !twice("client_id")) else {
        return Read::Page("Which app is this?", "The link has no client_id, or more than one.".to_owned());
    };
    if !facts.client_known {
        return Read::Page("Unknown app", "No app with this client_id is registered at Klaviyo.".to_owned());
    }
    let Some(redirect_uri) = query.get("redirect_uri").filter(|_| !twice("redirect_uri")) else {
        return Read::Page("Where to go back to?", "The link has no redirect_uri, or more than one.".to_owned());
    };
    if !facts.redirect_uri_registered {
        return Read::Page(
            "Redirect URI not registered",
            "The redirect_uri is not one of those in the app's settings.".to_owned(),
        );
    }
    let redirect_uri = redirect_uri.to_owned();
    let state = query.get("state").filter(|_| !twice("state")).map(str::to_owned);
    let back = |error: &'static str, description: String| Read::Back {
        redirect_uri: redirect_uri.clone(),
        state: state.clone(),
        error,
        description,
    };
    if !query.well_formed() {
        return back("invalid_request", "The query is not properly encoded UTF-8.".to_owned());
    }
    if let Some(name) = facts.repeated.first() {
        return back("invalid_request", format!("{name} is given more than once."));
    }
    match query.get("response_type") {
        Some("code") => {}
        None => return back("invalid_request", "response_type is missing.".to_owned()),
        Some(_) => return back("unsupported_response_type", "response_type must be code.".to_owned()),
    }
    // R 7636 §4.3: without a method it is `plain`, which Klaviyo does not take (D).
    match (query.get("code_challenge"), query.get("code_challenge_method")) {
        (Some(_), Some("S256")) | (None, None) => {}
        (None, Some(_)) => return back("invalid_request", "code_challenge is missing.".to_owned()),
        (Some(_), _) => return back("invalid_request", "code_challenge_method must be S256.".to_owned()),
    }
    // A: what Klaviyo answers to unknown scopes is not known. They are on record, and dropped from the grant.
    if strict && !facts.unknown_scopes.is_empty() {
        return back("invalid_scope", format!("Not in the app's settings: {}.", facts.unknown_scopes.join(" ")));
    }
    // A: nor what it answers without PKCE. That is on record too.
    Read::Good(Wish {
        client_id: client_id.to_owned(),
        redirect_uri,
        state,
        scopes: granted(facts),
        challenge: query.get("code_challenge").map(str::to_owned),
        target: call.target(),
    })
}

/// What is asked for and declared, and `accounts:read`, which is always kept (D).
fn granted(facts: &AuthorizeCall) -> Vec<String> {
    let mut granted: Vec<String> =
        facts.scopes.iter().filter(|scope| !facts.unknown_scopes.contains(scope)).cloned().collect();
    if !granted.iter().any(|scope| scope == scopes::ALWAYS) {
        granted.insert(0, scopes::ALWAYS.to_owned());
    }
    granted
}
