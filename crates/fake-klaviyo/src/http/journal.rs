//! Records each exchange on the timeline, with secrets replaced by fingerprints.

use std::borrow::Cow;
use std::time::Duration;

use hyper::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderName};
use hyper::http::StatusCode;
use hyper::http::request::Parts;
use serde_json::Value;
use smol_str::SmolStr;

use flowcheck_evidence::{Event, Exchange, Facts, Redactor};

use crate::http::params::Params;
use crate::http::request::Request;
use crate::http::response::Response;
use crate::state::platform::Platform;

/// Bytes of a body that are searched for secrets; more than is recorded, so that no secret is cut in two
/// unrecognised.
const SCANNED_BYTES: usize = 4 * Exchange::BODY_LIMIT;

/// Records an exchange, unless its response carries no facts. The facts are moved out of the response.
pub(crate) fn record(platform: &Platform, request: Request, response: &mut Response, took: Duration) {
    let Some(facts) = response.facts.take() else { return };
    let redactor = platform.recorder.redactor();
    let exchange = Exchange {
        method: SmolStr::new(request.method.as_str()),
        path: redactor.redact(&request.path).into(),
        query: redacted_params(&redactor, &request.query),
        request_headers: redacted_headers(&redactor, &request.headers),
        request_body: request_body(&redactor, &request),
        host: request.host.text,
        status: if response.dropped { 0 } else { response.status.as_u16() },
        response_headers: redacted_headers(&redactor, &response.headers),
        response_body: response_body(&redactor, response),
        took_us: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        klaviyo_time_s: platform.clock.now_s(),
        facts,
    };
    drop(redactor);
    platform.recorder.record(Event::Exchange(Box::new(exchange)));
}

/// What is known of a request that was not read to its end; empty where the client did not send HTTP.
#[derive(Debug, Default)]
pub(crate) struct UnreadableRequest {
    method: String,
    host: String,
    path: String,
    query: Params,
}

impl UnreadableRequest {
    /// What the request's head says.
    pub(crate) fn of(head: &Parts) -> Self {
        let uri = &head.uri;
        let host = head.headers.get(HOST).map(|host| String::from_utf8_lossy(host.as_bytes()).into_owned());
        Self {
            method: head.method.to_string(),
            host: uri.authority().map(ToString::to_string).or(host).unwrap_or_default(),
            path: uri.path().to_owned(),
            query: Params::read(uri.query().unwrap_or_default()),
        }
    }
}

/// Records a request that could not be read to its end.
pub(crate) fn record_unread(platform: &Platform, unread: UnreadableRequest, status: StatusCode, facts: Facts) {
    let redactor = platform.recorder.redactor();
    let facts = match facts {
        Facts::Unknown(what) => Facts::Unknown(redactor.redact(&what).into_owned()),
        facts => facts,
    };
    let exchange = Exchange {
        method: unread.method.into(),
        host: redactor.redact(&unread.host).into(),
        path: truncated(redactor.redact(&unread.path).into_owned()).into(),
        query: redacted_params(&redactor, &unread.query),
        request_headers: Vec::new(),
        request_body: None,
        status: status.as_u16(),
        response_headers: Vec::new(),
        response_body: None,
        took_us: 0,
        klaviyo_time_s: platform.clock.now_s(),
        facts,
    };
    drop(redactor);
    platform.recorder.record(Event::Exchange(Box::new(exchange)));
}

fn redacted_params(redactor: &Redactor<'_>, params: &Params) -> Vec<(SmolStr, SmolStr)> {
    let shown = |(name, value)| (redactor.redact(name).into(), redactor.parameter(name, value).into());
    params.iter().map(shown).collect()
}

fn redacted_headers(redactor: &Redactor<'_>, headers: &HeaderMap) -> Vec<(SmolStr, SmolStr)> {
    let shown = |name: &HeaderName, value: &str| match name {
        name if name == AUTHORIZATION => credentials(redactor, value).into(),
        name if name == COOKIE => cookies(redactor, value).into(),
        _ => redactor.redact(value).into(),
    };
    let all = headers.iter().map(|(name, value)| (name, text(value.as_bytes())));
    all.map(|(name, value)| (SmolStr::new(name), shown(name, &value))).collect()
}

/// An `Authorization` header: its scheme, and a fingerprint of the rest.
fn credentials(redactor: &Redactor<'_>, value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, rest)) => {
            format!("{} {}", redactor.redact(scheme), redactor.parameter("token", rest.trim()))
        }
        None => redactor.parameter("token", value).into_owned(),
    }
}

/// A `Cookie` header: names and fingerprints. It may hold the app's own cookies, where the app runs on the same host
/// name.
fn cookies(redactor: &Redactor<'_>, value: &str) -> String {
    let shown = value.split(';').map(|cookie| match cookie.trim().split_once('=') {
        Some((name, value)) => format!("{name}={}", redactor.parameter("session_token", value)),
        None => redactor.parameter("session_token", cookie.trim()).into_owned(),
    });
    shown.collect::<Vec<_>>().join("; ")
}

fn request_body(redactor: &Redactor<'_>, request: &Request) -> Option<String> {
    let body = &request.body[..request.body.len().min(SCANNED_BYTES)];
    if body.is_empty() {
        return None;
    }
    let text = text(body);
    let secret_json =
        || request.path.starts_with("/oauth/").then(|| serde_json::from_str::<Value>(&text).ok()).flatten();
    let whole = matches!(text, Cow::Borrowed(_)) && body.len() == request.body.len();
    let shown = if request.is_form() && whole {
        redacted_form(redactor, request.form(), text.len())
    } else if request.is_form() {
        redacted_form(redactor, &Params::read(&text), text.len())
    } else if let Some(json) = secret_json() {
        redacted_json(redactor, "", json).to_string()
    } else {
        redactor.redact(&text).into_owned()
    };
    Some(truncated(shown))
}

/// A form, redacted; `length` is its original size, which is rarely exceeded since fingerprints are short.
fn redacted_form(redactor: &Redactor<'_>, params: &Params, length: usize) -> String {
    let mut shown = String::with_capacity(length);
    for (name, value) in params.iter() {
        if !shown.is_empty() {
            shown.push('&');
        }
        shown.push_str(&redactor.redact(name));
        shown.push('=');
        shown.push_str(&redactor.parameter(name, value));
    }
    shown
}

/// JSON that was sent instead of a form, redacted: member names count as field names.
fn redacted_json(redactor: &Redactor<'_>, name: &str, value: Value) -> Value {
    match value {
        Value::String(text) => redactor.parameter(name, &text).into_owned().into(),
        Value::Array(items) => items.into_iter().map(|item| redacted_json(redactor, name, item)).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (redactor.redact(&name).into_owned(), redacted_json(redactor, &name, value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other,
    }
}

fn response_body(redactor: &Redactor<'_>, response: &Response) -> Option<String> {
    let media_type = response.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    if response.dropped || media_type.starts_with("text/html") {
        return None;
    }
    if response.cut_short {
        // Half a secret would not be recognised.
        return Some(format!("({} bytes, cut short)", response.body.len()));
    }
    let body = &response.body[..response.body.len().min(SCANNED_BYTES)];
    Some(truncated(redactor.redact(&text(body)).into_owned()))
}

/// Checking for UTF-8 first avoids a copy in nearly all cases.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn truncated(mut text: String) -> String {
    if text.len() > Exchange::BODY_LIMIT
        && let Some((end, _)) = text.char_indices().nth(Exchange::BODY_LIMIT)
    {
        text.truncate(end);
    }
    text
}
