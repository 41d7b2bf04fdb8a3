//! BiDi's events of a tab, and what is read from those of its requests.

use serde_json::Value;

use crate::browser::page::navigation::messages;

/// BiDi events that a tracker is made of.
pub(in crate::browser) const EVENTS: &[&str] = &[
    "browsingContext.contextCreated",
    "browsingContext.contextDestroyed",
    "browsingContext.domContentLoaded",
    "browsingContext.fragmentNavigated",
    "browsingContext.historyUpdated",
    "browsingContext.load",
    "browsingContext.navigationAborted",
    "browsingContext.navigationFailed",
    "browsingContext.navigationStarted",
    "browsingContext.userPromptOpened",
    "network.beforeRequestSent",
    "network.fetchError",
    "network.responseCompleted",
    messages::EVENT,
    "network.responseStarted",
];

/// Characters of the name of an authentication scheme.
const LONGEST_SCHEME: usize = 20;

/// Whose event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::browser) enum Follow {
    /// The tab's own document.
    Tab,
    /// A frame in it.
    Frame,
}

/// An answer as it came, secrets and all; it never leaves this room.
pub(in crate::browser) struct Received {
    /// The driver's id for the request.
    pub(in crate::browser) request: String,
    pub(in crate::browser) url: String,
    pub(in crate::browser) headers: Vec<(String, String)>,
}

impl std::fmt::Debug for Received {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Received").field("request", &self.request).finish_non_exhaustive()
    }
}

/// The media type of events that a server sends as they come.
pub(super) const EVENTS_OF_A_STREAM: &str = "text/event-stream";

/// Redirects keep their request's id, so the count of redirects is part of the key.
pub(super) fn request_id(params: &Value) -> Option<String> {
    params["request"]["request"].as_str().map(|id| format!("{id} {}", params["redirectCount"]))
}

pub(super) fn is_document(params: &Value) -> bool {
    !params["navigation"].is_null()
}

/// Whether an answer is of a kind that goes on as long as the page wants it: events, films that are loaded as they are played.
pub(super) fn is_stream(response: &Value) -> bool {
    let kind = response["mimeType"].as_str().unwrap_or_default();
    matches!(kind, EVENTS_OF_A_STREAM | "multipart/x-mixed-replace")
        || kind.starts_with("video/")
        || kind.starts_with("audio/")
}

/// Whether an answer is a part of a page that shows or does something, and not what a page asked to know.
pub(super) fn is_part_of_page(response: &Value) -> bool {
    let kind = response["mimeType"].as_str().unwrap_or_default();
    let is = |of: &str| kind.starts_with(of);
    ["image/", "font/", "text/css", "application/wasm"].into_iter().any(is) || kind.ends_with("javascript")
}

pub(super) fn received_of(params: &Value) -> Received {
    let headers = params["response"]["headers"].as_array().into_iter().flatten();
    Received {
        request: text(&params["request"]["request"]),
        url: text(&params["request"]["url"]),
        headers: headers.map(|header| (text(&header["name"]), text(&header["value"]["value"]))).collect(),
    }
}

pub(super) fn header(response: &Value, name: &str) -> Option<String> {
    response["headers"]
        .as_array()?
        .iter()
        .find(|header| header["name"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(name)))
        .map(|header| text(&header["value"]["value"]))
}

/// The scheme of HTTP authentication that a response asks for.
pub(super) fn authentication_scheme(response: &Value) -> Option<String> {
    let challenge = header(response, "www-authenticate")?;
    let scheme = challenge.split([' ', ',']).next()?;
    let is_one =
        (1..=LONGEST_SCHEME).contains(&scheme.len()) && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_one.then(|| scheme.to_owned())
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
