//! `POST /oauth/revoke`: the app ends its install.

use hyper::http::StatusCode;
use serde_json::json;

use crate::http::host::Role;
use crate::http::request::Request;
use crate::http::response::Response;
use crate::model::fault::Endpoint;
use crate::state::platform::Platform;
use flowcheck_evidence::{Facts, RevokeCall, TokenState, UninstalledBy};

use crate::oauth::client_auth::identify_client;
use crate::oauth::errors::{OAuthError, no_store, wrong_host};

/// Revokes a token and with it the install, which disappears from the account's integrations page (S). A token that
/// is unknown, expired or already revoked is answered with 200 too, and nothing changes (R 7009 §2.2).
pub(crate) fn revoke(platform: &Platform, request: &Request) -> Response {
    let form = request.form();
    let mut state = platform.state();
    let identified = identify_client(request, form, &state, platform.settings.strict, &platform.recorder);
    let token = form.get("token");
    let token_status = token.map(|text| {
        platform.refresh_token_status(&state, text).unwrap_or_else(|| platform.access_token_status(&state, text))
    });
    let install = token_status.as_ref().and_then(|token_status| token_status.install.clone());
    let facts = Facts::Revoke(RevokeCall {
        client_auth: identified.how,
        client_ok: identified.client_id.is_ok(),
        token: token.map(|text| platform.recorder.secret("token", text)),
        hint: form.get("token_type_hint").map(|text| platform.recorder.redact(text)),
        token_state: token_status.map_or(TokenState::Missing, |token_status| token_status.state),
        install: install.as_ref().map(|install| install.id.clone()),
    });
    if request.host.role == Role::Www {
        return wrong_host().facts(facts);
    }
    let fault = platform.fire_fault(&mut state, &[Endpoint::Revoke], None, |_| true);
    if let Some(short_circuit) = fault.as_ref().and_then(|fault| fault.kind.short_circuit()) {
        return short_circuit.facts(facts);
    }
    let is_live = matches!(&facts, Facts::Revoke(RevokeCall { token_state: TokenState::Live, .. }));
    let outcome = if !request.is_form() {
        Err(OAuthError::invalid_request("The body must be application/x-www-form-urlencoded."))
    } else if let Some(name) = form.repeated().first() {
        Err(OAuthError::invalid_request(format!("{name} is given more than once.")))
    } else {
        identified.client_id.and_then(|client| match (token, install) {
            (None, _) => Err(OAuthError::invalid_request("token is missing.")),
            // R 7009 §2.1: another client's token is refused, and stays valid.
            (_, Some(install)) if install.client_id != client => Err(OAuthError::invalid_grant(
                "The token is not this client's.",
                "the token was issued to another client",
            )),
            (_, install) => Ok(install),
        })
    };
    let mut response = match outcome {
        Ok(install) => {
            if let Some(install) = install.filter(|_| is_live) {
                platform.end_install(&mut state, &install.id, UninstalledBy::App);
            }
            // O: Klaviyo's sample app reads JSON from the response; A: that it is an empty object.
            no_store(Response::json(StatusCode::OK, &json!({})))
        }
        Err(refusal) => refusal.response(),
    };
    if let Some(fault) = fault {
        fault.kind.corrupt(&mut response);
    }
    response.facts(facts)
}
