//! `POST /oauth/token`: exchanges codes and refreshes tokens.

use hyper::http::StatusCode;
use serde::Serialize;

use crate::http::host::Role;
use crate::http::params::Params;
use crate::http::request::Request;
use crate::http::response::Response;
use crate::model::fault::{Endpoint, FaultKind};
use crate::state::platform::{Platform, State, StateGuard};
use flowcheck_evidence::{ClientAuth, Facts, TokenCall, TokenOutcome};

use crate::oauth::client_auth::identify_client;
use crate::oauth::errors::{OAuthError, no_store, wrong_host};
use crate::oauth::exchange;
use crate::oauth::issued_tokens::IssuedTokens;
use crate::oauth::refresh::refresh;

/// The body of a successful response (D, R 6749 §5.1).
#[derive(Serialize)]
struct Tokens<'a> {
    access_token: &'a str,
    refresh_token: &'a str,
    expires_in: u32,
    token_type: &'static str,
    scope: &'a str,
}

/// Handles a token request (D, R 6749 §4.1.3, §6).
pub(crate) fn token(platform: &Platform, request: &Request) -> Response {
    let form = request.form();
    let mut state = platform.state();
    let identified = identify_client(request, form, &state, platform.settings.strict, &platform.recorder);
    let mut facts = initial_facts(platform, &state, form);
    facts.client_auth = identified.how;
    if request.host.role == Role::Www {
        facts.outcome = refused("wrong_host", "token requests are answered at a.klaviyo.com, not at this host");
        return wrong_host().facts(Facts::Token(facts));
    }
    let fault = platform.fire_fault(&mut state, &[Endpoint::Token], None, |kind| fits(kind, form));
    if let Some(short_circuit) = fault.as_ref().and_then(|fault| fault.kind.short_circuit()) {
        facts.outcome = refused("fault", "a fault was armed, and nothing was done");
        return short_circuit.facts(Facts::Token(facts));
    }
    let kind = fault.as_ref().map(|fault| &fault.kind);
    let issued = well_formed(request, form)
        .and(identified.client_id)
        .and_then(|client| grant(platform, &mut state, form, &client, kind, &mut facts));
    let mut response = match issued {
        Ok(issued) => hand_out(platform, state, &issued, &mut facts),
        Err(refusal) => {
            facts.outcome = refused(refusal.error, &refusal.reason);
            refusal.response()
        }
    };
    if let Some(kind) = kind {
        kind.corrupt(&mut response);
    }
    response.facts(Facts::Token(facts))
}

/// Whether a fault can affect this request: expired codes affect exchanges, rotated tokens refreshes.
fn fits(kind: &FaultKind, form: &Params) -> bool {
    match kind {
        FaultKind::CodeExpired => form.get("grant_type") == Some("authorization_code"),
        FaultKind::RotatedRefresh => form.get("grant_type") == Some("refresh_token"),
        _ => true,
    }
}

/// The facts that are known before the request is validated. Its secrets are registered here.
fn initial_facts(platform: &Platform, state: &State, form: &Params) -> TokenCall {
    let recorder = &platform.recorder;
    let code = form.get("code").and_then(|text| state.codes.get(text));
    let token_status = form.get("refresh_token").and_then(|text| platform.refresh_token_status(state, text));
    let install = code
        .and_then(|code| code.used_for.clone())
        .or_else(|| token_status.and_then(|token_status| token_status.install).map(|install| install.id.clone()));
    TokenCall {
        grant_type: form.get("grant_type").map(|text| recorder.redact(text)),
        client_auth: ClientAuth::None,
        attempt: code.map(|code| code.attempt.clone()),
        install,
        code: form.get("code").map(|text| recorder.secret("code", text)),
        refresh_token: form.get("refresh_token").map(|text| recorder.secret("refresh_token", text)),
        redirect_uri: form.get("redirect_uri").map(|uri| recorder.redact(uri)),
        redirect_uri_repeated: code.map(|code| form.get("redirect_uri") == Some(&code.redirect_uri)),
        verifier: form.get("code_verifier").map(|text| exchange::verifier_facts(recorder, text, code)),
        challenged: code.map(|code| code.challenge.is_some()),
        outcome: refused("none", ""),
    }
}

/// Checks what every request of this endpoint must fulfil.
fn well_formed(request: &Request, form: &Params) -> Result<(), OAuthError> {
    if !request.is_form() {
        return Err(OAuthError::invalid_grant_type("The body must be application/x-www-form-urlencoded."));
    }
    if std::str::from_utf8(&request.body).is_err() || !form.well_formed() {
        return Err(OAuthError::invalid_request("The body is not properly encoded UTF-8."));
    }
    match form.repeated().first() {
        Some(name) => Err(OAuthError::invalid_request(format!("{name} is given more than once."))),
        None => Ok(()),
    }
}

fn grant(
    platform: &Platform,
    state: &mut State,
    form: &Params,
    client: &str,
    fault: Option<&FaultKind>,
    facts: &mut TokenCall,
) -> Result<IssuedTokens, OAuthError> {
    let issued = match form.get("grant_type") {
        Some("authorization_code") => {
            exchange::exchange(platform, state, form, client, fault == Some(&FaultKind::CodeExpired))
        }
        Some("refresh_token") => refresh(platform, state, form, client, fault == Some(&FaultKind::RotatedRefresh)),
        Some(_) => Err(OAuthError::invalid_grant_type("grant_type must be authorization_code or refresh_token.")),
        None => Err(OAuthError::invalid_grant_type("grant_type is missing.")),
    }?;
    facts.install = Some(issued.install.id.clone());
    Ok(issued)
}

fn hand_out(platform: &Platform, mut state: StateGuard<'_>, issued: &IssuedTokens, facts: &mut TokenCall) -> Response {
    let life_s = platform.settings.expires_in_s;
    let claims = state.grants.issue_access(&issued.install, &issued.scopes, life_s, platform.clock.now_ms());
    // Other requests need not wait for the signature.
    drop(state);
    let access_token = platform.mint.sign(&claims);
    facts.outcome = TokenOutcome::Issued {
        access_token: platform.recorder.secret("access_token", &access_token),
        refresh_token: platform.recorder.secret("refresh_token", &issued.refresh_token),
    };
    let tokens = Tokens {
        access_token: &access_token,
        refresh_token: &issued.refresh_token,
        expires_in: life_s,
        token_type: "bearer",
        scope: &claims.scope,
    };
    no_store(Response::json(StatusCode::OK, &tokens))
}

fn refused(error: &str, reason: &str) -> TokenOutcome {
    TokenOutcome::Refused { error: error.to_owned(), reason: reason.to_owned() }
}
