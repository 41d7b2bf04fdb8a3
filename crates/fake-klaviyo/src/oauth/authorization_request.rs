//! Validates what an app asks for at `/oauth/authorize`.

use crate::http::request::Request;
use crate::model::scopes;
use crate::oauth::state_change::state_change;
use crate::state::attempts::AuthorizationRequest;
use crate::state::platform::State;
use flowcheck_evidence::{ACCOUNTS_READ, AuthorizeCall, Recorder};

/// Characters of a code challenge (R 7636 §4.2).
const CHALLENGE_LENGTH: std::ops::RangeInclusive<usize> = 43..=128;
/// With how many earlier values of the app a `state` is compared.
const COMPARED: usize = 8;

/// The result of validating an authorization request.
pub(crate) enum Validation {
    /// The request is valid, and the user can be asked.
    Valid(AuthorizationRequest),
    /// An error page with this title and text, since there is no safe redirect target (R 6749 §4.1.2.1).
    ErrorPage(&'static str, String),
    /// A redirect to the app with an error.
    ErrorRedirect { redirect_uri: String, state: Option<String>, error: &'static str, description: String },
}

/// Validates a request, and collects the facts about it that are recorded.
pub(crate) fn validate(
    request: &Request,
    state: &State,
    strict: bool,
    recorder: &Recorder,
    now_s: &[i64],
) -> (AuthorizeCall, Validation) {
    let query = &request.query;
    let text = |name: &str| query.get(name).map(|value| recorder.redact(value));
    let client = query.get("client_id").and_then(|id| state.client(id));
    let scopes = query.get("scope").map(scopes::split).unwrap_or_default();
    // Secrets are registered first, in case one of them is in the wrong parameter.
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
        state_change: client.zip(query.get("state")).and_then(|(client, value)| {
            state_change(value, state.attempts.latest_states(&client.id).take(COMPARED), now_s)
        }),
        state: app_state,
        challenge,
        challenge_method: text("code_challenge_method"),
        repeated: query.repeated().iter().map(|name| recorder.redact(name)).collect(),
    };
    let validation = check(request, &facts, strict);
    (facts, validation)
}

fn check(request: &Request, facts: &AuthorizeCall, strict: bool) -> Validation {
    let query = &request.query;
    let twice = |name: &str| facts.repeated.iter().any(|repeated| repeated == name);
    let Some(client_id) = query.get("client_id").filter(|_| !twice("client_id")) else {
        return Validation::ErrorPage("Which app is this?", "The link has no client_id, or more than one.".to_owned());
    };
    if !facts.client_known {
        return Validation::ErrorPage("Unknown app", "No app with this client_id is registered at Klaviyo.".to_owned());
    }
    let Some(redirect_uri) = query.get("redirect_uri").filter(|_| !twice("redirect_uri")) else {
        return Validation::ErrorPage(
            "Where to go back to?",
            "The link has no redirect_uri, or more than one.".to_owned(),
        );
    };
    if !facts.redirect_uri_registered {
        return Validation::ErrorPage(
            "Redirect URI not registered",
            "The redirect_uri is not one of those in the app's settings.".to_owned(),
        );
    }
    let redirect_uri = redirect_uri.to_owned();
    let state = query.get("state").filter(|_| !twice("state")).map(str::to_owned);
    let back = |error: &'static str, description: String| Validation::ErrorRedirect {
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
    // R 7636 §4.3: without a method it is `plain`, which Klaviyo does not support (D).
    match (query.get("code_challenge"), query.get("code_challenge_method")) {
        (Some(_), Some("S256")) | (None, None) => {}
        (None, Some(_)) => return back("invalid_request", "code_challenge is missing.".to_owned()),
        (Some(_), _) => return back("invalid_request", "code_challenge_method must be S256.".to_owned()),
    }
    // R 7636 §4.2. No verifier meets any other.
    if query.get("code_challenge").is_some_and(|challenge| !CHALLENGE_LENGTH.contains(&challenge.len())) {
        return back("invalid_request", "code_challenge must have 43 to 128 characters.".to_owned());
    }
    // A: Klaviyo's response to undeclared scopes is not known. They are recorded, and not granted.
    if strict && !facts.unknown_scopes.is_empty() {
        return back("invalid_scope", format!("Not in the app's settings: {}.", facts.unknown_scopes.join(" ")));
    }
    // A: nor is its response to a request without PKCE, which is recorded and accepted.
    Validation::Valid(AuthorizationRequest {
        client_id: client_id.to_owned(),
        redirect_uri,
        state,
        scopes: granted(facts),
        challenge: query.get("code_challenge").map(str::to_owned),
        target: request.target(),
    })
}

/// The requested scopes that are declared, and always `accounts:read` (D).
fn granted(facts: &AuthorizeCall) -> Vec<String> {
    let mut granted: Vec<String> =
        facts.scopes.iter().filter(|scope| !facts.unknown_scopes.contains(scope)).cloned().collect();
    if !granted.iter().any(|scope| scope == ACCOUNTS_READ) {
        granted.insert(0, ACCOUNTS_READ.to_owned());
    }
    granted
}
