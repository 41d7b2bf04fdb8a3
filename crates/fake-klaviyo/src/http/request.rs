//! A request as handlers receive it: read to its end and parsed.

use std::cell::OnceCell;

use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName};
use hyper::http::Method;
use hyper::http::request::Parts;
use smol_str::SmolStr;

use crate::http::host::Host;
use crate::http::params::Params;

/// The scheme that a client used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTPS; the program in front of the server has terminated TLS.
    Https,
}

impl Scheme {
    /// The scheme as URLs write it.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// One request.
#[derive(Debug)]
pub(crate) struct Request {
    /// HTTP method.
    pub(crate) method: Method,
    /// The scheme the client used.
    pub(crate) scheme: Scheme,
    /// The requested host.
    pub(crate) host: Host,
    /// The path as sent, still encoded.
    pub(crate) path: SmolStr,
    /// Values of the route's placeholders, in order, still encoded.
    pub(crate) path_params: Vec<String>,
    /// The query as sent, still encoded.
    pub(crate) raw_query: String,
    /// Query parameters.
    pub(crate) query: Params,
    /// Headers.
    pub(crate) headers: HeaderMap,
    /// Body.
    pub(crate) body: Bytes,
    /// The body as a form, parsed on first use.
    form: OnceCell<Params>,
}

impl Request {
    /// A request that was read to its end.
    pub(crate) fn of(head: Parts, scheme: Scheme, host: Host, body: Bytes) -> Self {
        let raw_query = head.uri.query().unwrap_or_default().to_owned();
        Self {
            method: head.method,
            scheme,
            host,
            path: SmolStr::new(head.uri.path()),
            path_params: Vec::new(),
            query: Params::read(&raw_query),
            raw_query,
            headers: head.headers,
            body,
            form: OnceCell::new(),
        }
    }

    /// A header's first value, if it is text.
    pub(crate) fn header(&self, name: impl Into<HeaderName>) -> Option<&str> {
        self.headers.get(name.into()).and_then(|value| value.to_str().ok())
    }

    /// The media type of the body in lower case, without parameters.
    pub(crate) fn media_type(&self) -> Option<String> {
        self.declared_type().map(str::to_ascii_lowercase)
    }

    /// Whether the body is declared to be a form.
    pub(crate) fn is_form(&self) -> bool {
        self.declared_type().is_some_and(|declared| declared.eq_ignore_ascii_case("application/x-www-form-urlencoded"))
    }

    /// The body as a form; empty if it is none.
    pub(crate) fn form(&self) -> &Params {
        self.form.get_or_init(|| match std::str::from_utf8(&self.body) {
            Ok(text) if self.is_form() => Params::read(text),
            _ => Params::default(),
        })
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .get_all(hyper::header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    fn declared_type(&self) -> Option<&str> {
        let text = self.header(CONTENT_TYPE)?;
        Some(text.split(';').next().unwrap_or(text).trim())
    }

    /// Path and query as sent.
    pub(crate) fn target(&self) -> String {
        if self.raw_query.is_empty() { self.path.to_string() } else { format!("{}?{}", self.path, self.raw_query) }
    }
}
