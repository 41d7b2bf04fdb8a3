//! What a fault does to a response.

use std::time::Duration;

use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, SERVER};
use hyper::http::StatusCode;
use serde_json::json;

use crate::api::errors::ApiError;
use crate::http::response::Response;
use crate::model::fault::FaultKind;

/// The header by which the edge says that it answered instead of Klaviyo.
const MITIGATED: HeaderName = HeaderName::from_static("cf-mitigated");
/// A page that asks a browser to prove that a person sits before it, which no program passes.
const CHALLENGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><title>Just a moment</title></head>\
    <body><h1>a.klaviyo.com</h1><p>Checking that you are not a robot. Enable JavaScript and cookies to go on.</p></body></html>\n";

/// The answer of the edge, which knows nothing of tokens and scopes.
fn challenge() -> Response {
    let mut response = Response::text(StatusCode::FORBIDDEN, CHALLENGE.to_owned());
    response.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=UTF-8"));
    response.headers.insert(MITIGATED, HeaderValue::from_static("challenge"));
    response.headers.insert(SERVER, HeaderValue::from_static("cloudflare"));
    response
}

impl FaultKind {
    /// The response that replaces the handler's; none for faults that leave the handler's work alone.
    pub(crate) fn short_circuit(&self) -> Option<Response> {
        match self {
            Self::Status { status, body } => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let body = body.clone().unwrap_or_else(|| format!("{status}\n"));
                let looks_like_json = body.starts_with('{') || body.starts_with('[');
                let mut response = Response::text(status, body);
                if looks_like_json {
                    let json = HeaderValue::from_static("application/json");
                    response.headers.insert(CONTENT_TYPE, json);
                }
                Some(response)
            }
            Self::Drop => Some(Response { dropped: true, ..Response::empty(StatusCode::OK) }),
            Self::EdgeChallenge => Some(challenge()),
            Self::Throttle { retry_after_s } => Some(ApiError::throttled(*retry_after_s).response()),
            Self::Delay { .. } | Self::MalformedJson | Self::RotatedRefresh | Self::CodeExpired => None,
        }
    }

    /// Applies the fault to the handler's response.
    pub(crate) fn corrupt(&self, response: &mut Response) {
        match self {
            Self::Delay { ms } => response.delay += Duration::from_millis((*ms).min(600_000)),
            Self::MalformedJson => {
                let whole = if response.body.is_empty() {
                    json!({"data": []}).to_string().into()
                } else {
                    response.body.clone()
                };
                response.body = whole.slice(..whole.len() / 2);
                response.cut_short = true;
            }
            _ => {}
        }
    }
}
