//! The way into the API: what a call must have before anything is done, and who does it.

use std::sync::Arc;

use hyper::header::{AUTHORIZATION, HeaderName};
use hyper::http::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use time::Date;
use time::macros::format_description;

use crate::http::request::Call;
use crate::http::response::Answer;
use crate::model::account::AccountId;
use crate::model::fault::Endpoint;
use crate::model::install::Install;
use crate::state::grants::Shown;
use crate::state::platform::{Platform, State};
use flowcheck_evidence::{ApiCall, Facts, TokenState};

use crate::api::context::{Done, Task};
use crate::api::engine::dispatch::perform;
use crate::api::errors::ApiError;
use crate::api::spec::operations::{Found, Operation, find};

/// Answers a call below `/api` or `/client`.
pub(crate) fn answer(platform: &Platform, call: &Call, path: &str) -> Answer {
    let mut state = platform.state();
    let shown = bearer(call).map(|token| platform.shown_access(&state, token));
    let mut facts = first_facts(platform, call, shown.as_ref());
    let browser_may = path.starts_with("/client");
    if call.method == Method::OPTIONS {
        let answer = preflight(path);
        return open(answer, browser_may).facts(Facts::Api(facts));
    }
    let (operation, params) = match find(call.method.as_str(), path) {
        Found::Operation(operation, params) => (operation, params),
        Found::OtherMethods(methods) => {
            let error = ApiError::method_not_allowed(call.method.as_str(), &methods);
            return open(error.answer(), browser_may).facts(Facts::Api(facts));
        }
        Found::Nothing => {
            let error = ApiError::not_found("Klaviyo publishes no such path.");
            return open(error.answer(), browser_may).facts(Facts::Api(facts));
        }
    };
    facts.operation = Some(operation.id.to_owned());
    facts.scopes = operation.scopes.iter().map(|scope| (*scope).to_owned()).collect();
    if let Some(shown) = &shown
        && shown.state == TokenState::Live
    {
        facts.missing_scopes = missing(operation, shown);
    }
    let install = shown.as_ref().and_then(|shown| shown.install.clone());
    let account = install.as_ref().map(|install| install.account.clone());
    let mut at = vec![Endpoint::Api, Endpoint::Operation(operation.id.to_owned())];
    if operation.method != "GET" {
        at.push(Endpoint::Write);
    }
    let fault = platform.fault(&mut state, &at, account.as_ref(), |_| true);
    if let Some(instead) = fault.as_ref().and_then(|fault| fault.kind.instead()) {
        return open(instead, browser_may).facts(Facts::Api(facts));
    }
    let admitted = if browser_may {
        company(platform, &mut state, call, operation)
    } else {
        let admitted = admit(platform, &mut state, call, operation, shown.as_ref(), &facts);
        admitted.map(|install| install.account.clone())
    };
    let done = admitted.and_then(|account| done(platform, &mut state, call, operation, &params, &account));
    facts.mock_gap = matches!(&done, Err(error) if error.is_mock_gap());
    let mut answer = match &done {
        Ok((status, Some(body))) => Answer::json_api(*status, body),
        Ok((status, None)) => Answer::empty(*status),
        Err(error) => error.answer(),
    };
    let live = shown.as_ref().is_some_and(|shown| shown.state == TokenState::Live);
    if let Some(install) = install.filter(|_| live && answer.status != StatusCode::TOO_MANY_REQUESTS) {
        answer = with_quota(platform, &state, answer, operation, &install);
    }
    if let Some(fault) = fault {
        fault.kind.spoil(&mut answer);
    }
    open(answer, browser_may).facts(Facts::Api(facts))
}

/// What can be said of a call before it is judged; its token is registered here.
fn first_facts(platform: &Platform, call: &Call, shown: Option<&Shown>) -> ApiCall {
    let credentials = call.header(AUTHORIZATION).unwrap_or_default();
    let install = shown.and_then(|shown| shown.install.as_ref());
    let token_state = match shown {
        Some(shown) => shown.state,
        None if private_key(credentials) => TokenState::PrivateKey,
        None if credentials.is_empty() => TokenState::Missing,
        None => TokenState::Unknown,
    };
    ApiCall {
        operation: None,
        token: bearer(call).map(|token| platform.recorder.secret("access_token", token)),
        token_state,
        install: install.map(|install| install.id.clone()),
        account: install.map(|install| install.account.to_string()),
        scopes: Vec::new(),
        missing_scopes: Vec::new(),
        revision: call.header(HeaderName::from_static("revision")).map(|text| platform.recorder.redact(text)),
        mock_gap: false,
    }
}

/// Token, revision, scopes, limits: in this order (A).
fn admit(
    platform: &Platform,
    state: &mut State,
    call: &Call,
    operation: &Operation,
    shown: Option<&Shown>,
    facts: &ApiCall,
) -> Result<Arc<Install>, ApiError> {
    let install = match shown {
        Some(Shown { state: TokenState::Live, install: Some(install), .. }) => install.clone(),
        None if call.header(AUTHORIZATION).is_none_or(str::is_empty) => return Err(ApiError::not_authenticated()),
        _ => return Err(ApiError::authentication_failed()),
    };
    dated(call)?;
    if !facts.missing_scopes.is_empty() {
        return Err(ApiError::permission_denied(&facts.missing_scopes));
    }
    if platform.settings.rate_limits {
        let now_ms = platform.clock.now_ms();
        state.limits.count(&install.id, operation, now_ms).map_err(ApiError::throttled)?;
    }
    Ok(install)
}

/// `revision` must be a date, as every request has to say (P).
fn dated(call: &Call) -> Result<(), ApiError> {
    let revision = call.header(HeaderName::from_static("revision")).unwrap_or_default().trim();
    if revision.is_empty() {
        return Err(ApiError::invalid_revision("The revision header is required, as in revision: 2026-07-15."));
    }
    // Revisions of beta endpoints end in `.pre`.
    let date = revision.strip_suffix(".pre").unwrap_or(revision);
    match Date::parse(date, format_description!("[year]-[month]-[day]")) {
        Ok(_) => Ok(()),
        Err(_) => Err(ApiError::invalid_revision("The revision header must be a date, as in revision: 2026-07-15.")),
    }
}

/// Has it done, on the account's own data.
fn done(
    platform: &Platform,
    state: &mut State,
    call: &Call,
    operation: &'static Operation,
    params: &[String],
    account: &AccountId,
) -> Done {
    let Some(account) = state.account(account).cloned() else {
        return Err(ApiError::authentication_failed());
    };
    let base = format!("{}://{}", call.scheme.text(), call.host.text);
    let id = params.first().map(|id| percent_decode_str(id).decode_utf8_lossy().into_owned()).unwrap_or_default();
    let now_ms = platform.clock.now_ms();
    let shelf = state.records.of(&account.id, now_ms);
    perform(Task { operation, id, shelf, call, base: &base, now_ms }, &account)
}

/// The `/client` operations take no token but a `company_id` (P), which must be an account's. Their limits are counted
/// by account.
fn company(platform: &Platform, state: &mut State, call: &Call, operation: &Operation) -> Result<AccountId, ApiError> {
    let company = call.query.get("company_id").map(AccountId::from);
    let Some(account) = company.filter(|company| state.account(company).is_some()) else {
        return Err(ApiError::invalid_parameter("A valid company_id is required.", "company_id"));
    };
    dated(call)?;
    if platform.settings.rate_limits {
        let now_ms = platform.clock.now_ms();
        state.limits.count(account.as_str(), operation, now_ms).map_err(ApiError::throttled)?;
    }
    Ok(account)
}

/// Scopes that the operation needs and the token lacks.
fn missing(operation: &Operation, shown: &Shown) -> Vec<String> {
    let lacks = |scope: &&&str| !shown.scopes.iter().any(|granted| granted == **scope);
    operation.scopes.iter().filter(lacks).map(|scope| (*scope).to_owned()).collect()
}

/// What follows `Bearer`, whose case does not matter.
fn bearer(call: &Call) -> Option<&str> {
    let (scheme, token) = call.header(AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn private_key(credentials: &str) -> bool {
    credentials.split(' ').next().is_some_and(|scheme| scheme.eq_ignore_ascii_case("klaviyo-api-key"))
}

/// All answers but 429 tell how much of the quota is left (O).
fn with_quota(platform: &Platform, state: &State, answer: Answer, operation: &Operation, install: &Install) -> Answer {
    let quota = state.limits.quota(&install.id, operation, platform.clock.now_ms());
    answer
        .header(HeaderName::from_static("ratelimit-limit"), &quota.limit)
        .header(HeaderName::from_static("ratelimit-remaining"), &quota.remaining.to_string())
        .header(HeaderName::from_static("ratelimit-reset"), &quota.reset_s.to_string())
}

fn preflight(path: &str) -> Answer {
    let allowed = match find("OPTIONS", path) {
        Found::OtherMethods(methods) => methods.join(", "),
        _ => return ApiError::not_found("Klaviyo publishes no such path.").answer(),
    };
    Answer::empty(StatusCode::NO_CONTENT).header(hyper::header::ALLOW, &allowed)
}

/// `/client` is for browsers on any site (P); `/api` is for servers.
fn open(answer: Answer, browser_may: bool) -> Answer {
    if !browser_may {
        return answer;
    }
    answer
        .header(hyper::header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .header(hyper::header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type, revision")
        .header(hyper::header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST")
}
