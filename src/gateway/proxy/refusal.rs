//! The gateway's own error responses.

use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::http::StatusCode;
use hyper::{Response, Version};

use super::body::{self, Body};

/// The header that marks a response as the gateway's, not the requested host's.
const MARK: &str = "x-flowcheck";

/// A plain-text response that says why the request was refused.
pub(crate) fn refusal(status: StatusCode, why: &str) -> Response<Body> {
    let mut response = Response::new(body::text(format!("flowcheck's gateway: {why}\n")));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(MARK, HeaderValue::from_static("gateway"));
    response
}

/// The response to a client that has not requested the probe.
pub(crate) fn unauthorized() -> Response<Body> {
    refusal(StatusCode::FORBIDDEN, "this endpoint serves flowcheck's own browsers only, which request its probe first")
}

/// A refusal after which an HTTP/1 connection is closed, since its framing or target is in doubt.
pub(crate) fn closing_refusal(version: Version, status: StatusCode, why: &str) -> Response<Body> {
    let mut response = refusal(status, why);
    if version < Version::HTTP_2 {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
