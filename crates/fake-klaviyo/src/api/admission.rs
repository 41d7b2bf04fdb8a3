//! Admission of API requests: operation, token or company, revision, scopes, rate limits.

use std::sync::Arc;

use hyper::header::{AUTHORIZATION, HeaderName};
use hyper::http::{Method, StatusCode};
use percent_encoding::percent_decode_str;

use crate::http::request::Request;
use crate::http::response::Response;
use crate::model::account::AccountId;
use crate::model::fault::Endpoint;
use crate::model::install::Install;
use crate::model::settings::RetiredRevisions;
use crate::state::platform::{Platform, State};
use crate::state::token_status::TokenStatus;
use flowcheck_evidence::{ApiCall, Facts, RevisionStatus, TokenState};

use crate::api::application_installs;
use crate::api::context::{OperationContext, OperationResult};
use crate::api::engine::dispatch::perform;
use crate::api::errors::ApiError;
use crate::api::sent_data::sent_data;
use crate::api::spec::limits::Limits;
use crate::api::spec::operations::{Operation, OperationMatch, find};
use crate::api::spec::revisions::{Revision, oldest, requested};

/// Handles a request below `/api` or `/client`.
pub(crate) fn handle(platform: &Platform, request: &Request, path: &str) -> Response {
    let mut state = platform.state();
    let token_status = bearer(request).map(|token| platform.access_token_status(&state, token));
    let mut facts = initial_facts(platform, request, token_status.as_ref());
    let browser_may = path.starts_with("/client");
    if request.method == Method::OPTIONS {
        let response = preflight(path);
        return with_cors(response, browser_may).facts(Facts::Api(facts));
    }
    let (operation, params) = match find(request.method.as_str(), path) {
        OperationMatch::Operation(operation, params) => (operation, params),
        unpublished => {
            // What beta revisions have beside the tables is not known.
            let requested = requested(revision_header(request));
            facts.mock_gap = requested.beta && requested.revision.is_some();
            let error = match unpublished {
                _ if facts.mock_gap => ApiError::mock_gap(&format!("{} {path}", request.method)),
                OperationMatch::MethodNotAllowed(methods) => {
                    ApiError::method_not_allowed(request.method.as_str(), &methods)
                }
                _ => ApiError::not_found("Klaviyo publishes no such path."),
            };
            return with_cors(error.response(), browser_may).facts(Facts::Api(facts));
        }
    };
    facts.operation = Some(operation.id.to_owned());
    facts.not_in_revision = {
        let requested = requested(revision_header(request));
        requested.revision.is_some_and(|revision| !operation.is_in(revision, requested.beta))
    };
    facts.scopes = operation.scopes.iter().map(|scope| (*scope).to_owned()).collect();
    if let Some(token_status) = &token_status
        && token_status.state == TokenState::Live
    {
        facts.missing_scopes = missing_scopes(operation, token_status);
    }
    let install = token_status.as_ref().and_then(|token_status| token_status.install.clone());
    let account = install.as_ref().map(|install| install.account.clone());
    let mut at = vec![Endpoint::Api, Endpoint::Operation(operation.id.to_owned())];
    if operation.method != "GET" {
        at.push(Endpoint::Write);
    }
    let fault = platform.fire_fault(&mut state, &at, account.as_ref(), |_| true);
    if let Some(short_circuit) = fault.as_ref().and_then(|fault| fault.kind.short_circuit()) {
        return with_cors(short_circuit, browser_may).facts(Facts::Api(facts));
    }
    let admitted = if browser_may {
        admit_company(platform, &mut state, request, operation)
    } else {
        admit(platform, &mut state, request, operation, token_status.as_ref(), &facts)
    };
    let result = match (admitted, &install) {
        (Ok(_), Some(install)) if application_installs::has(operation.id) => {
            let (id, base) = (params.first().map_or("", String::as_str), base_of(request));
            application_installs::perform(platform, &mut state, operation.id, id, install, &base)
        }
        (admitted, _) => {
            admitted.and_then(|admitted| perform_for(platform, &mut state, request, operation, &params, &admitted))
        }
    };
    facts.mock_gap = matches!(&result, Err(error) if error.is_mock_gap());
    let mut response = match &result {
        Ok((status, Some(body))) => Response::json_api(*status, body),
        Ok((status, None)) => Response::empty(*status),
        Err(error) => error.response(),
    };
    let live = token_status.as_ref().is_some_and(|token_status| token_status.state == TokenState::Live);
    if let Some(install) = install.filter(|_| live && response.status != StatusCode::TOO_MANY_REQUESTS) {
        response =
            with_quota(platform, &state, response, (operation.id, Limits::of(operation, &request.query)), &install);
    }
    if let Some(fault) = fault {
        fault.kind.corrupt(&mut response);
    }
    with_cors(response, browser_may).facts(Facts::Api(facts))
}

/// The facts that are known before the request is checked. Its token is registered as a secret here.
fn initial_facts(platform: &Platform, request: &Request, token_status: Option<&TokenStatus>) -> ApiCall {
    let credentials = request.header(AUTHORIZATION).unwrap_or_default();
    let install = token_status.and_then(|token_status| token_status.install.as_ref());
    let token_state = match token_status {
        Some(token_status) => token_status.state,
        None if private_key(credentials) => TokenState::PrivateKey,
        None if credentials.is_empty() => TokenState::Missing,
        None => TokenState::Unknown,
    };
    ApiCall {
        operation: None,
        token: bearer(request).map(|token| platform.recorder.secret("access_token", token)),
        token_state,
        install: install.map(|install| install.id.clone()),
        account: install.map(|install| install.account.to_string()),
        scopes: Vec::new(),
        missing_scopes: Vec::new(),
        revision: revision_header(request).map(|text| platform.recorder.redact(text)),
        revision_status: requested(revision_header(request)).status,
        not_in_revision: false,
        mock_gap: false,
        sent: Box::new(sent_data(&request.body)),
    }
}

/// Whom an admitted request is for, and by which revision it is served.
struct Admitted {
    account: AccountId,
    revision: Revision,
}

/// Checks token, revision, scopes and rate limits, in this order (A).
fn admit(
    platform: &Platform,
    state: &mut State,
    request: &Request,
    operation: &Operation,
    token_status: Option<&TokenStatus>,
    facts: &ApiCall,
) -> Result<Admitted, ApiError> {
    let install: Arc<Install> = match token_status {
        Some(TokenStatus { state: TokenState::Live, install: Some(install), .. }) => install.clone(),
        None if request.header(AUTHORIZATION).is_none_or(str::is_empty) => return Err(ApiError::not_authenticated()),
        _ => return Err(ApiError::authentication_failed()),
    };
    let revision = served_revision(platform, request, operation)?;
    if !facts.missing_scopes.is_empty() {
        return Err(ApiError::permission_denied(&facts.missing_scopes));
    }
    if platform.settings.rate_limits {
        let now_ms = platform.clock.now_ms();
        state
            .limits
            .count(&install.id, operation.id, &Limits::of(operation, &request.query), now_ms)
            .map_err(ApiError::throttled)?;
    }
    Ok(Admitted { account: install.account.clone(), revision })
}

/// The revision that serves the request. It must be one that is served and has the operation (P, D).
fn served_revision(platform: &Platform, request: &Request, operation: &Operation) -> Result<Revision, ApiError> {
    let requested = requested(revision_header(request));
    let revision = match (requested.status, requested.revision) {
        (_, Some(revision)) => revision,
        (RevisionStatus::Retired, None) => match platform.settings.retired_revisions {
            RetiredRevisions::Gone => return Err(ApiError::retired_revision()),
            RetiredRevisions::FallForward if opts_out(request) => return Err(ApiError::retired_revision()),
            RetiredRevisions::FallForward => oldest(),
        },
        (RevisionStatus::Missing, None) => return Err(ApiError::invalid_revision("The revision header is required")),
        (RevisionStatus::Malformed, None) => {
            return Err(ApiError::invalid_revision("The revision header must be a date"));
        }
        (_, None) => return Err(ApiError::invalid_revision("The revision header must be the date of a revision")),
    };
    if operation.is_in(revision, requested.beta) {
        Ok(revision)
    } else {
        Err(ApiError::no_valid_revision(operation.method))
    }
}

/// Whether the request asks for 410 where its revision is retired, instead of falling forward (a third party's word, 2026-08).
fn opts_out(request: &Request) -> bool {
    request.header(HeaderName::from_static("x-klaviyo-revision-fall-forward-opt-out")) == Some("1")
}

/// The `revision` header, as sent.
fn revision_header(request: &Request) -> Option<&str> {
    request.header(HeaderName::from_static("revision"))
}

/// Performs the operation on the account's data.
fn perform_for(
    platform: &Platform,
    state: &mut State,
    request: &Request,
    operation: &'static Operation,
    params: &[String],
    admitted: &Admitted,
) -> OperationResult {
    let Some(account) = state.account(&admitted.account).cloned() else {
        return Err(ApiError::authentication_failed());
    };
    let base = base_of(request);
    let id = params.first().map(|id| percent_decode_str(id).decode_utf8_lossy().into_owned()).unwrap_or_default();
    let now_ms = platform.clock.now_ms();
    let records = state.account_data.of(&account.id, now_ms);
    let revision = admitted.revision;
    perform(OperationContext { operation, revision, id, records, request, base: &base, now_ms }, &account)
}

/// Scheme and host of the links in a response.
fn base_of(request: &Request) -> String {
    format!("{}://{}", request.scheme.text(), request.host.text)
}

/// Checks a request below `/client`: it needs no token, but the `company_id` of an account (P). Its rate limits are
/// counted per account.
fn admit_company(
    platform: &Platform,
    state: &mut State,
    request: &Request,
    operation: &Operation,
) -> Result<Admitted, ApiError> {
    let company = request.query.get("company_id").map(AccountId::from);
    let Some(account) = company.filter(|company| state.account(company).is_some()) else {
        return Err(ApiError::invalid_parameter("A valid company_id is required.", "company_id"));
    };
    let revision = served_revision(platform, request, operation)?;
    if platform.settings.rate_limits {
        let now_ms = platform.clock.now_ms();
        state
            .limits
            .count(account.as_str(), operation.id, &Limits::of(operation, &request.query), now_ms)
            .map_err(ApiError::throttled)?;
    }
    Ok(Admitted { account, revision })
}

/// The scopes that the operation requires and the token lacks.
fn missing_scopes(operation: &Operation, token_status: &TokenStatus) -> Vec<String> {
    let lacks = |scope: &&&str| !token_status.scopes.iter().any(|granted| granted == **scope);
    operation.scopes.iter().filter(lacks).map(|scope| (*scope).to_owned()).collect()
}

/// The token of a Bearer header; the scheme's case is ignored.
fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.header(AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn private_key(credentials: &str) -> bool {
    credentials.split(' ').next().is_some_and(|scheme| scheme.eq_ignore_ascii_case("klaviyo-api-key"))
}

/// Adds the rate limit headers, which all responses but 429 have (O).
fn with_quota(
    platform: &Platform,
    state: &State,
    response: Response,
    (operation, limits): (&'static str, Limits),
    install: &Install,
) -> Response {
    let quota = state.limits.quota(&install.id, operation, &limits, platform.clock.now_ms());
    response
        .header(HeaderName::from_static("ratelimit-limit"), &quota.limit)
        .header(HeaderName::from_static("ratelimit-remaining"), &quota.remaining.to_string())
        .header(HeaderName::from_static("ratelimit-reset"), &quota.reset_s.to_string())
}

fn preflight(path: &str) -> Response {
    let allowed = match find("OPTIONS", path) {
        OperationMatch::MethodNotAllowed(methods) => methods.join(", "),
        _ => return ApiError::not_found("Klaviyo publishes no such path.").response(),
    };
    Response::empty(StatusCode::NO_CONTENT).header(hyper::header::ALLOW, &allowed)
}

/// Allows requests from any site for `/client`, which is for browsers (P); `/api` is for servers.
fn with_cors(response: Response, browser_may: bool) -> Response {
    if !browser_may {
        return response;
    }
    response
        .header(hyper::header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .header(hyper::header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type, revision")
        .header(hyper::header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST")
}
