//! `POST /oauth/authorize/decision`: the user allows or denies.

use hyper::http::StatusCode;

use crate::http::request::Request;
use crate::http::response::Response;
use crate::model::account::AccountId;
use crate::state::attempts::Attempt;
use crate::state::codes::Consent;
use crate::state::platform::{Platform, State};
use flowcheck_evidence::{Decision, DecisionCall, Facts};

use crate::oauth::authorize::{form_user, no_attempt};
use crate::oauth::errors::redirect_to_app;

/// Redirects the user to the app with a code, or with `access_denied` (D, R 6749 §4.1.2).
pub(crate) fn decide(platform: &Platform, request: &Request) -> Response {
    let form = request.form();
    let mut state = platform.state();
    let current = platform.session_of(&mut state, request);
    let page = || Facts::Page("consent".to_owned());
    let user = match form_user(&current, form.get("csrf")) {
        Ok(user) => user,
        Err(refused) => return refused.facts(page()),
    };
    let attempt = form.get("attempt").and_then(|id| state.attempts.get(id)).filter(|attempt| !attempt.decided).cloned();
    let wanted = form.get("account").map(AccountId::from);
    let account = state.accounts_of(&user).into_iter().find(|account| Some(&account.id) == wanted.as_ref());
    let decision = match form.get("decision") {
        Some("allow") => Some(Decision::Allowed),
        Some("cancel") => Some(Decision::Denied),
        _ => None,
    };
    let (Some(attempt), Some(account), Some(decision)) = (attempt, account, decision) else {
        return no_attempt().facts(page());
    };
    if let Some(attempt) = state.attempts.get_mut(&attempt.id) {
        attempt.decided = true;
    }
    match decision {
        Decision::Allowed => allow(platform, &mut state, &attempt, &account.id, &user),
        Decision::Denied => deny(&attempt, &account.id),
    }
}

fn allow(platform: &Platform, state: &mut State, attempt: &Attempt, account: &AccountId, user: &str) -> Response {
    let scopes = state.granted(&attempt.request.scopes, &attempt.request.client_id, user, account);
    let consent = Consent { account: account.clone(), user: user.to_ascii_lowercase(), scopes };
    let (text, code) = state.codes.issue(attempt, consent, platform.settings.code_life_s);
    let facts = DecisionCall {
        attempt: attempt.id.clone(),
        decision: Decision::Allowed,
        account: account.to_string(),
        code: Some(platform.recorder.secret("code", &text)),
        code_expired: code.expires_ms <= platform.clock.now_ms(),
    };
    let parameters = [("code", Some(text.as_str())), ("state", attempt.request.state.as_deref())];
    Response::redirect(StatusCode::FOUND, &redirect_to_app(&attempt.request.redirect_uri, &parameters))
        .facts(Facts::Decision(facts))
}

fn deny(attempt: &Attempt, account: &AccountId) -> Response {
    let facts = DecisionCall {
        attempt: attempt.id.clone(),
        decision: Decision::Denied,
        account: account.to_string(),
        code: None,
        code_expired: false,
    };
    let parameters = [
        ("error", Some("access_denied")),
        ("error_description", Some("The user denied the request.")),
        ("state", attempt.request.state.as_deref()),
    ];
    Response::redirect(StatusCode::FOUND, &redirect_to_app(&attempt.request.redirect_uri, &parameters))
        .facts(Facts::Decision(facts))
}
