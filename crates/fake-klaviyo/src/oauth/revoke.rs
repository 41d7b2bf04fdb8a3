//! `POST /oauth/revoke`: the app ends its install.

use hyper::http::StatusCode;
use serde_json::json;

use crate::http::host::Role;
use crate::http::request::Call;
use crate::http::response::Answer;
use crate::model::fault::Endpoint;
use crate::state::platform::Platform;
use flowcheck_evidence::{Facts, RevokeCall, TokenState, UninstalledBy};

use crate::oauth::client_auth::identify;
use crate::oauth::errors::{Refusal, uncached, wrong_host};

/// Revokes a token and with it the install, which leaves the account's integrations page (S). A token that is unknown,
/// expired or revoked before is 200 too, and nothing changes (R 7009 §2.2).
pub(crate) fn revoke(platform: &Platform, call: &Call) -> Answer {
    let form = call.form();
    let mut state = platform.state();
    let identified = identify(call, form, &state, platform.settings.strict, &platform.recorder);
    let token = form.get("token");
    let shown =
        token.map(|text| platform.shown_refresh(&state, text).unwrap_or_else(|| platform.shown_access(&state, text)));
    let install = shown.as_ref().and_then(|shown| shown.install.clone());
    let facts = Facts::Revoke(RevokeCall {
        client_auth: identified.how,
        client_ok: identified.client_id.is_ok(),
        token: token.map(|text| platform.recorder.secret("token", text)),
        hint: form.get("token_type_hint").map(|text| platform.recorder.redact(text)),
        token_state: shown.map_or(TokenState::Missing, |shown| shown.state),
        install: install.as_ref().map(|install| install.id.clone()),
    });
    if call.host.role == Role::Www {
        return wrong_host().facts(facts);
    }
    let fault = platform.fault(&mut state, &[Endpoint::Revoke], None, |_| true);
    if let Some(instead) = fault.as_ref().and_then(|fault| fault.kind.instead()) {
        return instead.facts(facts);
    }
    let is_live = matches!(&facts, Facts::Revoke(RevokeCall { token_state: TokenState::Live, .. }));
    let outcome = if !call.is_form() {
        Err(Refusal::invalid_request("The body must be application/x-www-form-urlencoded."))
    } else if let Some(name) = form.repeated().first() {
        Err(Refusal::invalid_request(format!("{name} is given more than once.")))
    } else {
        identified.client_id.and_then(|client| match (token, install) {
            (None, _) => Err(Refusal::invalid_request("token is missing.")),
            // R 7009 §2.1: a token of another client is refused, and goes on living.
            (_, Some(install)) if install.client_id != client => {
                Err(Refusal::invalid_grant("The token is not this client's.", "the token was issued to another client"))
            }
            (_, install) => Ok(install),
        })
    };
    let mut answer = match outcome {
        Ok(install) => {
            if let Some(install) = install.filter(|_| is_live) {
                platform.end_install(&mut state, &install.id, UninstalledBy::App);
            }
            // O: Klaviyo's sample app reads JSON from the answer; A: that it is an empty object.
            uncached(Answer::json(StatusCode::OK, &json!({})))
        }
        Err(refusal) => refusal.answer(),
    };
    if let Some(fault) = fault {
        fault.kind.spoil(&mut answer);
    }
    answer.facts(facts)
}
