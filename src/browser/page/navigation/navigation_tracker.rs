//! Tracks a browsing context: its hops, and whether it is still on the move.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::browser::bidi::CRASHED;
use crate::browser::page::navigation::activity::Activity;
use crate::browser::page::navigation::document::Document;
use crate::browser::page::navigation::held_requests::HeldRequests;
use crate::browser::page::navigation::messages::{self, Messages};
use crate::browser::page::navigation::network_event::{
    EVENTS_OF_A_STREAM, Follow, Received, authentication_scheme, header, is_document, is_part_of_page, is_stream,
    received_of, request_id, text,
};
use crate::browser::page::navigation::regular_requests::RegularRequests;
use crate::browser::page::page_snapshot::Reading;
use crate::evidence::{
    BrowserDialog, BrowserWindow, DialogKind, Event, Hop, HopCause, PolicyViolation, Recorder, WindowChange, bounded,
};

/// Bytes of a dialog's message that are kept.
const LONGEST_MESSAGE: usize = 8 * 1_024;
/// Answers to a tab that are kept to be searched.
pub(in crate::browser) const MOST_RECEIVED: usize = 5_000;

/// Follows one browsing context, and the frames in it.
#[derive(Debug)]
pub(in crate::browser) struct NavigationTracker {
    user: String,
    recorder: Recorder,
    state: Mutex<State>,
    activity: watch::Sender<Activity>,
    held: HeldRequests,
}

#[derive(Debug, Default)]
struct State {
    /// Requests under way, by the driver's id.
    open: HashMap<String, Open>,
    last_document: Document,
    messages: Messages,
    /// When a request last set out.
    asked: Option<Instant>,
    /// When a request last set out that was neither for a part of a page nor one of those at regular intervals.
    talked: Option<Instant>,
    /// What the document in front asked for at regular intervals.
    regular: RegularRequests,
    /// When something happened last that is not one of those.
    lively: Option<Instant>,
    /// Contexts in which a document is loading: the tab, and its frames.
    loading: HashSet<String>,
    /// The document that is loading, or was loaded last, of each context that said so.
    set_out: HashMap<String, String>,
    /// Whether documents are not put on the record as hops.
    muted: bool,
    /// How the tab crashed, once it has.
    crashed: Option<String>,
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
    /// Whether it is of a kind that is not meant to end.
    streams: bool,
    /// Whether it is one of those that its page makes at regular intervals.
    is_regular: bool,
    /// Of one that asks for news, its address.
    asks: Option<String>,
    since: Instant,
}

impl NavigationTracker {
    pub(in crate::browser) fn new(user: &str, recorder: Recorder) -> Self {
        let (activity, held) = (watch::Sender::new(Activity::none()), HeldRequests::default());
        Self { user: user.to_owned(), recorder, state: Mutex::default(), activity, held }
    }

    /// The same, with what is known of requests that are held open.
    pub(in crate::browser) fn holding(self, held: HeldRequests) -> Self {
        Self { held, ..self }
    }

    pub(in crate::browser) fn watch(&self) -> watch::Receiver<Activity> {
        self.activity.subscribe()
    }

    /// The latest document that was answered.
    pub(in crate::browser) fn last_document(&self) -> Document {
        self.state().last_document.clone()
    }

    /// How the tab crashed, where it has.
    pub(in crate::browser) fn crashed(&self) -> Option<String> {
        self.state().crashed.clone()
    }

    /// Messages that appeared since the last act and are gone; `before` is the document that the act left.
    pub(in crate::browser) fn vanished(&self, since: Instant, now: &Reading, before: Option<u64>) -> Vec<String> {
        self.state().messages.vanished(since, now, before)
    }

    /// Whether anything was asked of a server since then, but for parts of the page and what it asks for regularly.
    pub(in crate::browser) fn has_talked(&self, since: Instant) -> bool {
        let state = self.state();
        let waits = |open: &Open| open.since >= since && !open.is_regular && !open.streams;
        state.talked.is_some_and(|talked| talked >= since) || state.open.values().any(waits)
    }

    /// Whether a dialog told of something since then.
    pub(in crate::browser) fn told_by_dialog(&self, since: Instant) -> bool {
        self.state().messages.told_by_dialog(since)
    }

    /// Takes over the messages of a window that is closed.
    pub(in crate::browser) fn hear(&self, closed: &Self) {
        let messages = std::mem::take(&mut closed.state().messages);
        self.state().messages.take_over(messages);
    }

    /// The requests that are under way are held open: none of them is waited for any more.
    pub(in crate::browser) fn hold(&self) {
        for open in self.state().open.values_mut() {
            if let Some(url) = &open.asks {
                self.held.held(url);
                open.streams = true;
            }
        }
        self.beat();
    }

    /// What pages' policies kept the browser from since the last act.
    pub(in crate::browser) fn violations(&self, since: Instant) -> Vec<PolicyViolation> {
        self.state().messages.violations(since)
    }

    /// From now on keeps answers, to be taken by [`received`](Self::received).
    pub(in crate::browser) fn keep_answers(&self) {
        self.state().received.get_or_insert_default();
    }

    /// The answers kept since this was asked last.
    pub(in crate::browser) fn received(&self) -> Vec<Received> {
        self.state().received.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Takes in an event of this context, or of a frame in it.
    pub(in crate::browser) fn take(&self, method: &str, params: &Value, of: Follow) {
        let context = params["context"].as_str().unwrap_or_default();
        let was_regular = self.is_regular(params);
        match method {
            messages::EVENT => match messages::blocked_window(params) {
                Some(url) => self.blocked(url),
                None => self.state().messages.take(params),
            },
            "browsingContext.userPromptOpened" => self.dialog(params),
            CRASHED => self.state().crashed = Some(text(&params["status"])),
            "network.beforeRequestSent" => self.request(params, of),
            "network.responseStarted" => self.begin(params),
            "network.responseCompleted" => self.answer(params, None, of),
            "network.fetchError" => self.answer(params, params["errorText"].as_str(), of),
            "browsingContext.navigationStarted" => {
                let mut state = self.state();
                if of == Follow::Tab {
                    // The frames go with their document.
                    state.loading.clear();
                    state.regular = RegularRequests::default();
                }
                state.loading.insert(context.to_owned());
                if let Some(navigation) = params["navigation"].as_str() {
                    state.set_out.insert(context.to_owned(), navigation.to_owned());
                }
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
        if !was_regular && !self.is_regular(params) {
            self.state().lively = Some(Instant::now());
        }
        self.beat();
    }

    /// Whether an event is of a request under way that its page makes at regular intervals.
    fn is_regular(&self, params: &Value) -> bool {
        request_id(params).is_some_and(|id| self.state().open.get(&id).is_some_and(|open| open.is_regular))
    }

    /// Records documents whose answer did not end as hops, when their page is given up; the last of them comes back.
    pub(in crate::browser) fn give_up(&self) -> Option<Hop> {
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

    /// Forgets the latest document, and keeps documents off the record while `muted`.
    pub(in crate::browser) fn mute(&self, muted: bool) {
        let mut state = self.state();
        state.muted = muted;
        state.last_document = Document::default();
    }

    /// Records a hop that was learnt of in another way than by events.
    pub(in crate::browser) fn hop(&self, hop: Hop) {
        if self.state().muted {
            return;
        }
        self.recorder.record(Event::Hop(hop));
    }

    fn request(&self, params: &Value, of: Follow) {
        let Some(id) = request_id(params) else { return };
        let context = text(&params["context"]);
        let document = is_document(params).then(|| self.hop_of(params, of));
        let url = text(&params["request"]["url"]);
        let is_held = document.is_none() && self.held.holds(&url);
        let streams = is_held || header(&params["request"], "accept").is_some_and(|kind| kind == EVENTS_OF_A_STREAM);
        // What is sent is not asked for.
        let asks = Some(url).filter(|_| document.is_none() && params["request"]["method"] == "GET");
        let mut state = self.state();
        if document.is_some() {
            state.loading.insert(context.clone());
        }
        let (since, method) = (Instant::now(), text(&params["request"]["method"]));
        let place = text(&params["request"]["url"]);
        let is_regular = document.is_none() && state.regular.is_one(&method, &place, since);
        state.open.insert(id, Open { context, document, streams, is_regular, asks, since });
        state.asked = Some(since);
    }

    /// Notes the status of a document whose answer has begun, and what is a stream.
    fn begin(&self, params: &Value) {
        let Some(id) = request_id(params) else { return };
        let status = params["response"]["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        if let Some(open) = self.state().open.get_mut(&id) {
            match &mut open.document {
                Some(hop) => hop.status = status,
                None => open.streams |= is_stream(&params["response"]),
            }
        }
    }

    fn answer(&self, params: &Value, error: Option<&str>, of: Follow) {
        let Some(id) = request_id(params) else { return };
        let expected = self.state().open.remove(&id);
        // One that ends with its page was not answered.
        let answered = expected.as_ref().filter(|_| error.is_none());
        if let Some((url, since)) = answered.and_then(|open| Some((open.asks.as_ref()?, open.since))) {
            self.held.answered(url, since.elapsed());
        }
        let talks = |open: &&Open| !open.is_regular && !is_part_of_page(&params["response"]);
        if let Some(since) = expected.as_ref().filter(talks).map(|open| open.since) {
            let mut state = self.state();
            state.talked = state.talked.max(Some(since));
        }
        if expected.is_none() && error.is_some() {
            // Given up before, and put on the record then.
            return;
        }
        if let Some(received) = &mut self.state().received {
            if received.len() < MOST_RECEIVED {
                received.push(received_of(params));
            } else {
                self.recorder.flood();
            }
        }
        if is_document(params) {
            let response = &params["response"];
            let status = response["status"].as_u64().and_then(|status| u16::try_from(status).ok());
            let status = status.filter(|status| *status > 0);
            // Some drivers carry a redirect's headers over to the answer at its end.
            let redirects = status.is_some_and(|status| (300..400).contains(&status));
            let location = header(response, "location").filter(|_| redirects);
            let hop = Hop {
                status,
                location: location.map(|location| self.recorder.redact(&location)),
                error: error.map(str::to_owned),
                from_service_worker: response["fromServiceWorker"] == true,
                asks_for: (status == Some(401)).then(|| authentication_scheme(response)).flatten(),
                ..self.hop_of(params, of)
            };
            let failed_at = error.map(|_| hop.url.clone());
            self.hop(hop);
            // One that was given up for the next is no answer to who asked for that.
            let navigation = params["navigation"].as_str();
            let context = params["context"].as_str().unwrap_or_default();
            let is_replaced = |state: &State| {
                state.set_out.get(context).is_some_and(|latest| navigation.is_some_and(|this| this != latest))
            };
            if of == Follow::Tab && !(error.is_some() && is_replaced(&self.state())) {
                self.state().last_document = Document {
                    status,
                    media_type: response["mimeType"].as_str().map(str::to_owned),
                    error: error.map(str::to_owned),
                    failed_at,
                };
            }
        }
    }

    fn blocked(&self, url: &str) {
        let url = self.recorder.redact(url.split(['?', '#']).next().unwrap_or(url));
        let change = WindowChange::Blocked { url };
        self.recorder.record(Event::Window(BrowserWindow { user: self.user.clone(), change }));
    }

    fn dialog(&self, params: &Value) {
        let kind = DialogKind::named(&text(&params["type"]));
        let said = bounded(params["message"].as_str().unwrap_or_default(), LONGEST_MESSAGE).into_owned();
        if kind == DialogKind::Alert {
            self.state().messages.say(&said);
        }
        let text = self.recorder.redact(&said);
        self.recorder.record(Event::Dialog(BrowserDialog { user: self.user.clone(), kind, text }));
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
            from_service_worker: false,
            asks_for: None,
        }
    }

    fn beat(&self) {
        let state = self.state();
        let (fetching, loading) = (state.open.values().filter(|open| !open.streams).count(), !state.loading.is_empty());
        let awaiting = state.open.values().filter_map(|open| open.document.as_ref()).any(|hop| hop.status.is_none());
        let asking = state.open.values().any(|open| open.document.is_none() && !open.streams);
        let holding = state.open.values().any(|open| open.streams);
        let (asked, lively, polls) = (state.asked, state.lively, state.regular.known());
        drop(state);
        let (asked, last) = {
            let before = self.activity.borrow();
            (asked.unwrap_or(before.asked), lively.unwrap_or(before.last))
        };
        self.activity.send_replace(Activity { last, asked, fetching, loading, asking, holding, polls, awaiting });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
