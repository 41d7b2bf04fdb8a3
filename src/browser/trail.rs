//! A browsing context's trail: its hops, and whether it is still on the move.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

use super::messages::{self, Messages};
use super::sight::Reading;
use crate::evidence::{Event, Hop, HopCause, Recorder};

/// BiDi events that a trail is made of.
pub(super) const EVENTS: &[&str] = &[
    "browsingContext.contextCreated",
    "browsingContext.contextDestroyed",
    "browsingContext.domContentLoaded",
    "browsingContext.fragmentNavigated",
    "browsingContext.historyUpdated",
    "browsingContext.load",
    "browsingContext.navigationAborted",
    "browsingContext.navigationFailed",
    "browsingContext.navigationStarted",
    "network.beforeRequestSent",
    "network.fetchError",
    "network.responseCompleted",
    messages::EVENT,
    "network.responseStarted",
];

/// Follows one browsing context, and the frames in it.
#[derive(Debug)]
pub(super) struct NavigationTracker {
    user: String,
    recorder: Recorder,
    state: Mutex<State>,
    pulse: watch::Sender<Activity>,
}

#[derive(Debug, Default)]
struct State {
    /// Requests under way, by the driver's id.
    open: HashMap<String, Open>,
    last_document: Document,
    messages: Messages,
    /// Contexts in which a document is loading: the tab, and its frames.
    loading: HashSet<String>,
    /// Whether documents are not put on the record as hops.
    hushed: bool,
    /// Answers so far, where they are to be looked through later.
    received: Option<Vec<Received>>,
}

/// A request under way.
#[derive(Debug)]
struct Open {
    /// The tab or frame that it is of.
    context: String,
    /// The hop that it will be, where it is a document's.
    document: Option<Hop>,
    /// Whether its answer has begun, and is of a kind that is not meant to end.
    streams: bool,
}

/// Whose event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    /// The tab's own document.
    Tab,
    /// A frame in it.
    Frame,
}

/// An answer as it came, secrets and all; it never leaves this room.
pub(super) struct Received {
    /// The driver's id for the request.
    pub(super) request: String,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
}

impl std::fmt::Debug for Received {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Received").field("request", &self.request).finish_non_exhaustive()
    }
}

/// What a trail knows of the latest document.
#[derive(Debug, Clone, Default)]
pub(super) struct Document {
    pub(super) status: Option<u16>,
    pub(super) media_type: Option<String>,
    /// The browser's words when no answer came.
    pub(super) error: Option<String>,
}

/// How lively the context is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Activity {
    /// When it last navigated or fetched.
    pub(super) last: Instant,
    /// Requests under way, but for streams, which stay open as long as their page is there.
    pub(super) fetching: usize,
    /// Whether a document is loading.
    pub(super) loading: bool,
    /// Whether a document was asked for whose answer has not begun yet.
    pub(super) awaiting: bool,
}

impl Activity {
    /// Whether there is something to wait for.
    pub(super) fn is_busy(self) -> bool {
        self.loading || self.fetching > 0
    }
}

impl NavigationTracker {
    pub(super) fn new(user: &str, recorder: Recorder) -> Self {
        let calm = Activity { last: Instant::now(), fetching: 0, loading: false, awaiting: false };
        Self { user: user.to_owned(), recorder, state: Mutex::default(), pulse: watch::Sender::new(calm) }
    }

    pub(super) fn watch(&self) -> watch::Receiver<Activity> {
        self.pulse.subscribe()
    }

    /// The latest document that was answered.
    pub(super) fn last_document(&self) -> Document {
        self.state().last_document.clone()
    }

    /// Messages that appeared since the last act and are gone; `before` is the document that the act left.
    pub(super) fn vanished(&self, since: Instant, now: &Reading, before: Option<u64>) -> Vec<String> {
        self.state().messages.vanished(since, now, before)
    }

    /// From now on keeps answers, to be taken by [`received`](Self::received).
    pub(super) fn keep_answers(&self) {
        self.state().received.get_or_insert_default();
    }

    /// The answers kept since this was asked last.
    pub(super) fn received(&self) -> Vec<Received> {
        self.state().received.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Takes in an event of this context, or of a frame in it.
    pub(super) fn take(&self, method: &str, params: &Value, of: Follow) {
        let context = params["context"].as_str().unwrap_or_default();
        match method {
            messages::EVENT => self.state().messages.take(params),
            "network.beforeRequestSent" => self.request(params, of),
            "network.responseStarted" => self.begin(params),
            "network.responseCompleted" => self.answer(params, None, of),
            "network.fetchError" => self.answer(params, params["errorText"].as_str(), of),
            "browsingContext.navigationStarted" => {
                let mut state = self.state();
                if of == Follow::Tab {
                    // The frames go with their document.
                    state.loading.clear();
                }
                state.loading.insert(context.to_owned());
            }
            "browsingContext.load" | "browsingContext.navigationFailed" | "browsingContext.navigationAborted" => {
                self.state().loading.remove(context);
            }
            "browsingContext.contextDestroyed" => {
                let mut state = self.state();
                state.loading.remove(context);
                // Nothing that is told of it later comes here.
                state.open.retain(|_, open| open.context != context);
            }
            _ => {}
        }
        self.beat();
    }

    /// Records documents whose answer did not end as hops, when their page is given up; the last of them comes back.
    pub(super) fn give_up(&self) -> Option<Hop> {
        self.state().loading.clear();
        let open: Vec<Hop> = self.state().open.drain().filter_map(|(_, open)| open.document).collect();
        let mut last = None;
        for hop in open {
            let error = if hop.status.is_some() { "did not end" } else { "no answer" };
            self.hop(Hop { error: Some(error.to_owned()), ..hop.clone() });
            last = Some(hop);
        }
        self.beat();
        last
    }

    /// Forgets the latest document, and keeps documents off the record while `hushed`.
    pub(super) fn hush(&self, hushed: bool) {
        let mut state = self.state();
        state.hushed = hushed;
        state.last_document = Document::default();
    }

    /// Records a hop that was learnt of in another way than by events.
    pub(super) fn hop(&self, hop: Hop) {
        if self.state().hushed {
            return;
        }
        self.recorder.record(Event::Hop(hop));
    }

    fn request(&self, params: &Value, of: Follow) {
        let Some(id) = request_id(params) else { return };
        let context = text(&params["context"]);
        let document = is_document(params).then(|| self.hop_of(params, of));
        let mut state = self.state();
        if document.is_some() {
            state.loading.insert(context.clone());
        }
        state.open.insert(id, Open { context, document, streams: false });
    }

    /// Notes the status of a document whose answer has begun, and what is a stream.
    fn begin(&self, params: &Value) {
        let Some(id) = request_id(params) else { return };
        let status = params["response"]["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        if let Some(open) = self.state().open.get_mut(&id) {
            match &mut open.document {
                Some(hop) => hop.status = status,
                None => open.streams = is_stream(&params["response"]),
            }
        }
    }

    fn answer(&self, params: &Value, error: Option<&str>, of: Follow) {
        let Some(id) = request_id(params) else { return };
        let expected = self.state().open.remove(&id).is_some();
        if !expected && error.is_some() {
            // Given up before, and put on the record then.
            return;
        }
        if let Some(received) = &mut self.state().received {
            received.push(received_of(params));
        }
        if is_document(params) {
            let response = &params["response"];
            let status = response["status"].as_u64().and_then(|status| u16::try_from(status).ok());
            let status = status.filter(|status| *status > 0);
            // Some drivers carry a redirect's headers over to the answer at its end.
            let redirects = status.is_some_and(|status| (300..400).contains(&status));
            let location = header(response, "location").filter(|_| redirects);
            self.hop(Hop {
                status,
                location: location.map(|location| self.recorder.redact(&location)),
                error: error.map(str::to_owned),
                ..self.hop_of(params, of)
            });
            if of == Follow::Tab {
                self.state().last_document = Document {
                    status,
                    media_type: response["mimeType"].as_str().map(str::to_owned),
                    error: error.map(str::to_owned),
                };
            }
        }
    }

    fn hop_of(&self, params: &Value, of: Follow) -> Hop {
        Hop {
            user: self.user.clone(),
            method: text(&params["request"]["method"]),
            url: self.recorder.redact(&text(&params["request"]["url"])),
            status: None,
            location: None,
            cause: match of {
                Follow::Frame => HopCause::Frame,
                Follow::Tab if params["redirectCount"].as_u64() > Some(0) => HopCause::Redirect,
                Follow::Tab => HopCause::Navigation,
            },
            error: None,
        }
    }

    fn beat(&self) {
        let state = self.state();
        let (fetching, loading) = (state.open.values().filter(|open| !open.streams).count(), !state.loading.is_empty());
        let awaiting = state.open.values().filter_map(|open| open.document.as_ref()).any(|hop| hop.status.is_none());
        drop(state);
        self.pulse.send_replace(Activity { last: Instant::now(), fetching, loading, awaiting });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Redirects keep their request's id, so the count of redirects is part of the key.
fn request_id(params: &Value) -> Option<String> {
    params["request"]["request"].as_str().map(|id| format!("{id} {}", params["redirectCount"]))
}

fn is_document(params: &Value) -> bool {
    !params["navigation"].is_null()
}

/// Whether an answer is of a kind that goes on as long as the page wants it: events, films that are loaded as they are played.
fn is_stream(response: &Value) -> bool {
    let kind = response["mimeType"].as_str().unwrap_or_default();
    matches!(kind, "text/event-stream" | "multipart/x-mixed-replace")
        || kind.starts_with("video/")
        || kind.starts_with("audio/")
}

fn received_of(params: &Value) -> Received {
    let headers = params["response"]["headers"].as_array().into_iter().flatten();
    Received {
        request: text(&params["request"]["request"]),
        url: text(&params["request"]["url"]),
        headers: headers.map(|header| (text(&header["name"]), text(&header["value"]["value"]))).collect(),
    }
}

fn header(response: &Value, name: &str) -> Option<String> {
    response["headers"]
        .as_array()?
        .iter()
        .find(|header| header["name"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(name)))
        .map(|header| text(&header["value"]["value"]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
