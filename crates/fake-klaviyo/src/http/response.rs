//! A response as handlers return it, with the facts that the journal records.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use futures_util::Stream;
use hyper::body::{Bytes, Frame};
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use hyper::http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use flowcheck_evidence::Facts;

/// The pages' content security policy. It has no `form-action`: `'self'` would block Allow's redirect to the app.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
);

/// One response.
#[derive(Debug)]
pub(crate) struct Response {
    /// Status code.
    pub(crate) status: StatusCode,
    /// Headers, except those of the HTTP framing.
    pub(crate) headers: HeaderMap,
    /// Body.
    pub(crate) body: Bytes,
    /// What the exchange was; without facts it is not recorded.
    pub(crate) facts: Option<Facts>,
    /// A stream that replaces the body.
    pub(crate) stream: Option<BodyStream>,
    /// How long to wait before sending.
    pub(crate) delay: Duration,
    /// Whether to close the connection without sending.
    pub(crate) dropped: bool,
    /// Whether a fault removed the end of the body.
    pub(crate) cut_short: bool,
}

/// A body that is written for as long as the client reads it.
pub(crate) struct BodyStream(Frames);

type Frames = Pin<Box<dyn Stream<Item = Result<Frame<Bytes>, Infallible>> + Send + Sync>>;

impl BodyStream {
    /// A body of these frames; each is polled when the client has taken the one before.
    pub(crate) fn new(frames: impl Stream<Item = Result<Frame<Bytes>, Infallible>> + Send + Sync + 'static) -> Self {
        Self(Box::pin(frames))
    }

    /// The frames.
    pub(crate) fn into_inner(self) -> Frames {
        self.0
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyStream(…)")
    }
}

impl Response {
    /// A response without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            stream: None,
            facts: None,
            delay: Duration::ZERO,
            dropped: false,
            cut_short: false,
        }
    }

    /// A page that must not be cached or framed.
    pub(crate) fn page(status: StatusCode, html: String) -> Self {
        let mut response = Self::text_of(status, "text/html; charset=utf-8", html);
        response.headers.insert(CONTENT_SECURITY_POLICY, PAGE_POLICY);
        response.headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        response.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// A JSON response.
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        let body = serde_json::to_string(body).expect("names of members are text");
        Self::text_of(status, "application/json", body)
    }

    /// A JSON:API response.
    pub(crate) fn json_api(status: StatusCode, body: &Value) -> Self {
        Self::text_of(status, "application/vnd.api+json", body.to_string())
    }

    /// A plain-text response.
    pub(crate) fn text(status: StatusCode, body: impl Into<String>) -> Self {
        Self::text_of(status, "text/plain; charset=utf-8", body.into())
    }

    /// A redirect; 500 where the location cannot be written in a header.
    pub(crate) fn redirect(status: StatusCode, location: &str) -> Self {
        match HeaderValue::from_str(location) {
            Ok(location) => {
                let mut response = Self::empty(status);
                response.headers.insert(LOCATION, location);
                response.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
                response
            }
            Err(_) => {
                Self::text(StatusCode::INTERNAL_SERVER_ERROR, "the redirect location cannot be written in a header")
            }
        }
    }

    /// 405 with the allowed methods.
    pub(crate) fn wrong_method(allowed: &str) -> Self {
        Self::text(StatusCode::METHOD_NOT_ALLOWED, format!("This path supports {allowed} only.\n"))
            .header(ALLOW, allowed)
    }

    /// Sets the facts for the journal.
    pub(crate) fn facts(self, facts: Facts) -> Self {
        Self { facts: Some(facts), ..self }
    }

    /// Adds a header, unless its value cannot be written in one.
    pub(crate) fn header(mut self, name: impl Into<HeaderName>, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name.into(), value);
        }
        self
    }

    /// Adds a cookie.
    pub(crate) fn cookie(self, cookie: Option<&str>) -> Self {
        match cookie {
            Some(cookie) => self.header(SET_COOKIE, cookie),
            None => self,
        }
    }

    fn text_of(status: StatusCode, media_type: &'static str, body: String) -> Self {
        let mut response = Self::empty(status);
        response.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        response.headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response.body = Bytes::from(body);
        response
    }
}
