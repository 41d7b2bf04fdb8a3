//! JSON:API errors, in Klaviyo's form (O).

use hyper::header::{ALLOW, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use hyper::http::StatusCode;
use serde_json::{Value, json};

use crate::api::spec::revisions::newest;
use crate::http::response::Response;
use crate::model::random_id;
use flowcheck_evidence::count;

/// What a 429 links to.
const ABOUT_LIMITS: &str = "https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling#rate-limits";

/// Why a request is rejected.
#[derive(Debug, Clone)]
pub(crate) struct ApiError(Box<Parts>);

/// The parts of an error.
#[derive(Debug, Clone)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    title: String,
    detail: String,
    source: Value,
    links: Option<Value>,
    meta: Option<Value>,
    header: Option<(HeaderName, String)>,
}

impl ApiError {
    /// 401: the token is unknown, expired or revoked. That it says how to authenticate is R 6750 §3.
    pub(crate) fn authentication_failed() -> Self {
        let words = "Incorrect authentication credentials.";
        let error = Self::new(StatusCode::UNAUTHORIZED, "authentication_failed", words, words);
        error.header(WWW_AUTHENTICATE, "Bearer realm=\"Klaviyo API\", error=\"invalid_token\"".to_owned())
    }

    /// 401: the request has no credentials (A).
    pub(crate) fn not_authenticated() -> Self {
        let words = "Authentication credentials were not provided.";
        let error = Self::new(StatusCode::UNAUTHORIZED, "not_authenticated", words, words);
        error.header(WWW_AUTHENTICATE, "Bearer realm=\"Klaviyo API\"".to_owned())
    }

    /// 403: the token lacks scopes; the wording of the detail is A.
    pub(crate) fn permission_denied(missing: &[String]) -> Self {
        let title = "You do not have permission to perform this action.";
        let detail = format!("The access token is missing the following required scopes: {}", missing.join(" "));
        Self::new(StatusCode::FORBIDDEN, "permission_denied", title, detail)
    }

    /// 429: rate limited for this many seconds. Only these errors were seen with `links` and `meta` (O 2024-05).
    pub(crate) fn throttled(retry_after_s: u32) -> Self {
        let seconds = count(retry_after_s as usize, "second", "seconds");
        let detail = format!("Request was throttled. Expected available in {seconds}.");
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, "throttled", "Request was throttled.", detail);
        let mut error = error.source(json!({ "pointer": "/data" }));
        error.0.links = Some(json!({ "type": ABOUT_LIMITS }));
        error.0.meta = Some(json!({}));
        error.header(RETRY_AFTER, retry_after_s.to_string())
    }

    /// 400: the body is invalid at this JSON pointer.
    pub(crate) fn invalid(detail: impl Into<String>, pointer: &str) -> Self {
        let error = Self::new(StatusCode::BAD_REQUEST, "invalid", "Invalid input.", detail);
        error.source(json!({ "pointer": pointer }))
    }

    /// 400: this query parameter is invalid.
    pub(crate) fn invalid_parameter(detail: impl Into<String>, parameter: &str) -> Self {
        let error = Self::new(StatusCode::BAD_REQUEST, "invalid", "Invalid input.", detail);
        error.source(json!({ "parameter": parameter }))
    }

    /// 400: the `revision` header is missing or no revision (A: the wording); `problem` says which.
    pub(crate) fn invalid_revision(problem: &str) -> Self {
        let detail = format!("{problem}, as in revision: {}.", newest().0);
        let error = Self::new(StatusCode::BAD_REQUEST, "invalid", "Invalid input.", detail);
        error.source(json!({ "header": "revision" }))
    }

    /// 410: the revision is retired (D; the wording is A).
    pub(crate) fn retired_revision() -> Self {
        let detail = format!("This revision is retired. The newest is {}.", newest().0);
        let error = Self::new(StatusCode::GONE, "gone", "The revision is retired.", detail);
        error.source(json!({ "header": "revision" }))
    }

    /// 404: the revision does not have this operation (O 2026-09).
    pub(crate) fn no_valid_revision(method: &str) -> Self {
        Self::not_found(format!("No valid revisions found for method {method}."))
    }

    /// 404: no such resource or path.
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found.", detail)
    }

    /// 405: the path has other methods.
    pub(crate) fn method_not_allowed(method: &str, allowed: &[&str]) -> Self {
        let title = format!("Method \"{method}\" not allowed.");
        let error = Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", title.clone(), title);
        error.header(ALLOW, allowed.join(", "))
    }

    /// 409: a profile with one of these identifiers exists, with this id.
    pub(crate) fn duplicate_profile(id: &str) -> Self {
        let title = "Conflict.";
        let detail = "A profile already exists with one of these identifiers.";
        let mut error = Self::new(StatusCode::CONFLICT, "duplicate_profile", title, detail);
        error.0.meta = Some(json!({ "duplicate_profile_id": id }));
        error
    }

    /// 409: a resource of this type with the same external id exists (A: the code).
    pub(crate) fn duplicate(kind: &str) -> Self {
        let detail = format!("A {kind} with this external_id already exists.");
        Self::new(StatusCode::CONFLICT, "duplicate", "Conflict.", detail)
    }

    /// 415: the body has an unsupported media type (A).
    pub(crate) fn unsupported_media_type(media_type: &str) -> Self {
        let title = "Unsupported media type in request.";
        let detail = format!("Unsupported media type {media_type:?}; send application/vnd.api+json.");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", title, detail)
    }

    /// 501: Klaviyo publishes the operation, but this server does not model it.
    pub(crate) fn mock_gap(operation: &str) -> Self {
        let title = "Not modelled by flowcheck.";
        let detail = format!("{operation} is published by Klaviyo, but this fake Klaviyo does not model it.");
        let error = Self::new(StatusCode::NOT_IMPLEMENTED, "mock_gap", title, detail);
        error.header(HeaderName::from_static("x-flowcheck"), "mock-gap".to_owned())
    }

    /// Whether the operation is not modelled.
    pub(crate) fn is_mock_gap(&self) -> bool {
        self.0.status == StatusCode::NOT_IMPLEMENTED
    }

    /// The error response.
    pub(crate) fn response(&self) -> Response {
        let parts = &self.0;
        let mut error = json!({
            "id": random_id::uuid(),
            "status": parts.status.as_u16(),
            "code": parts.code,
            "title": parts.title,
            "detail": parts.detail,
            "source": parts.source,
        });
        for (name, value) in [("links", &parts.links), ("meta", &parts.meta)] {
            if let Some(value) = value {
                error[name] = value.clone();
            }
        }
        let response = Response::json_api(parts.status, &json!({ "errors": [error] }));
        match &parts.header {
            Some((name, value)) => response.header(name.clone(), value),
            None => response,
        }
    }

    fn new(status: StatusCode, code: &'static str, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            status,
            code,
            title: title.into(),
            detail: detail.into(),
            source: json!({ "pointer": "/data/" }),
            links: None,
            meta: None,
            header: None,
        }))
    }

    fn source(mut self, source: Value) -> Self {
        self.0.source = source;
        self
    }

    fn header(mut self, name: HeaderName, value: String) -> Self {
        self.0.header = Some((name, value));
        self
    }
}
