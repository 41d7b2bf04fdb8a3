//! Answers of the gateway's own: why a request was not answered by anybody else.

use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::http::StatusCode;
use hyper::{Response, Version};

use super::body::{self, Body};

/// Says that this is flowcheck's doing and no answer of the host that was asked for.
const MARK: &str = "x-flowcheck";

/// Plain text that says why.
pub(crate) fn refusal(status: StatusCode, why: &str) -> Response<Body> {
    let mut response = Response::new(body::text(format!("flowcheck's gateway: {why}\n")));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(MARK, HeaderValue::from_static("gateway"));
    response
}

/// For who has not proven yet to be one of flowcheck's browsers.
pub(crate) fn unauthorized() -> Response<Body> {
    refusal(StatusCode::FORBIDDEN, "this door is for flowcheck's own browsers, which ask for its probe first")
}

/// The same for a request that leaves a connection in doubt; an HTTP/1 connection ends with it.
pub(crate) fn closing_refusal(version: Version, status: StatusCode, why: &str) -> Response<Body> {
    let mut response = refusal(status, why);
    if version < Version::HTTP_2 {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
