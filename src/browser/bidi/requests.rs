//! Requests: each with its redirects, its answer, and the headers as they came.
//!
//! What came over the network, cookies included, Chromium tells apart from the rest of an answer, before or after it; both are put
//! together here. Nothing is waited for that may not come: `sequences` has what Chromium sends of every kind of request.

use std::collections::{HashMap, VecDeque};

use serde_json::{Value, json};

use super::event::Event;
use super::responses::{accepted, from_extra_info, has_nothing, headers, is_redirect, response};
use super::socket::Call;

/// Headers of answers whose requests nobody told of; beyond so many, they are forgotten.
const UNCLAIMED: usize = 200;
/// What is told, by flowcheck itself, of a request when whatever Chromium had to tell apart has come.
const SETTLED: &str = "Network.settled";

#[derive(Debug, Default)]
pub(super) struct Requests {
    open: HashMap<String, Request>,
    /// Statuses and headers as they came, in the order of a request's answers.
    extra_infos: HashMap<String, VecDeque<Value>>,
    /// Requests that are told of only with what becomes of them.
    held: HashMap<String, Event>,
    /// Which session has an answer's body, by request, where answers are kept.
    kept: Option<HashMap<String, String>>,
}

/// A request under way: what it was answered by redirects so far, and the last one.
#[derive(Debug)]
struct Request {
    session: String,
    context: String,
    /// The document that asks, or is asked for.
    document: String,
    /// Whether a frame asks for a worker's script. Of those of shared workers nothing is told but what is told apart, and of those
    /// from a cache nothing at all. So they are told of when something is known; until then no page would come to rest.
    is_for_worker: bool,
    /// Whether it is answered from the page's own cache. Then the stored answer says that headers come, and none do.
    is_cached: bool,
    hops: VecDeque<Hop>,
}

#[derive(Debug)]
struct Hop {
    /// What it is told with.
    params: Value,
    /// Whether its headers are told apart.
    headers_come: bool,
    ended: bool,
}

impl Requests {
    /// Takes in what a session tells of the network; `tab` is the one that it is of.
    pub(super) fn take(&mut self, method: &str, params: &Value, session: &str, tab: &str) -> Vec<Event> {
        let Some(id) = params["requestId"].as_str() else { return Vec::new() };
        let mut events = self.translated(id, method, params, session, tab);
        if !events.is_empty() {
            events.splice(..0, self.held.remove(id));
        }
        events
    }

    fn translated(&mut self, id: &str, method: &str, params: &Value, session: &str, tab: &str) -> Vec<Event> {
        match method {
            "Network.requestWillBeSent" => self.sent(id, params, session, tab),
            "Network.requestServedFromCache" => {
                let Some(request) = self.open.get_mut(id) else { return Vec::new() };
                request.is_cached = true;
                for hop in &mut request.hops {
                    hop.headers_come = false;
                }
                self.answered(id)
            }
            "Network.responseReceivedExtraInfo" => {
                if self.extra_infos.len() >= UNCLAIMED {
                    self.extra_infos.retain(|id, _| self.open.contains_key(id));
                }
                self.extra_infos.entry(id.to_owned()).or_default().push_back(params.clone());
                let mut events = self.workers_script(id);
                events.append(&mut self.answered(id));
                events
            }
            "Network.responseReceived" => {
                let Some(request) = self.open.get_mut(id) else { return Vec::new() };
                let Some(hop) = request.hops.back_mut() else { return Vec::new() };
                hop.params["response"] = response(&params["response"]);
                hop.headers_come = params["hasExtraInfo"] == true && !request.is_cached;
                vec![("network.responseStarted", hop.params.clone())]
            }
            "Network.loadingFinished" => {
                if let Some(kept) = &mut self.kept {
                    kept.insert(id.to_owned(), session.to_owned());
                }
                let Some(hop) = self.last(id) else { return Vec::new() };
                hop.ended = true;
                self.answered(id)
            }
            "Network.loadingFailed" => {
                // What has nothing to show is given up by the page, not by the network.
                if let Some(hop) = self.last(id).filter(|hop| has_nothing(&hop.params["response"])) {
                    hop.ended = true;
                    return self.answered(id);
                }
                let error = match params["errorText"].as_str() {
                    None | Some("") => {
                        format!("blocked: {}", params["blockedReason"].as_str().unwrap_or("for no reason given"))
                    }
                    Some(error) => error.to_owned(),
                };
                let mut events = self.answered(id);
                self.extra_infos.remove(id);
                events.extend(self.open.remove(id).into_iter().flat_map(|request| over(request, &error)));
                events
            }
            SETTLED => {
                let Some(request) = self.open.get_mut(id) else { return Vec::new() };
                for hop in &mut request.hops {
                    hop.headers_come &= !hop.ended;
                }
                self.answered(id)
            }
            _ => Vec::new(),
        }
    }

    /// What is to be asked after a message: whether anything still comes of a request that has ended, of which more was to come.
    /// Chromium says that headers come of some answers of which none do.
    pub(super) fn asks(&self, method: &str, params: &Value, session: &str) -> Option<Call> {
        let id = params["requestId"].as_str()?;
        let ends = matches!(method, "Network.loadingFinished" | "Network.loadingFailed");
        if !ends || !self.open.get(id)?.hops.back()?.ended {
            return None;
        }
        // The network's own process answers it, which has told of all headers by then.
        let asked = Call::new("Network.getCookies", json!({ "urls": [] })).to(session);
        Some(asked.then(json!({ "method": SETTLED, "sessionId": session, "params": { "requestId": id } })))
    }

    /// From now on notes who has the bodies of answers.
    pub(super) fn keep(&mut self) {
        self.kept.get_or_insert_default();
    }

    /// The session that has an answer's body.
    pub(super) fn kept_by(&self, request: &str) -> Option<String> {
        self.kept.as_ref()?.get(request).cloned()
    }

    /// What was asked for by a document that has been left is not told of any more: `document` is there now.
    pub(super) fn left(&mut self, context: &str, document: &str) -> Vec<Event> {
        self.abandon(|request| request.context == context && request.document != document)
    }

    /// A session is gone, and with it whoever would tell of its requests.
    pub(super) fn gone(&mut self, session: &str) -> Vec<Event> {
        self.abandon(|request| request.session == session)
    }

    /// Documents are told of to their end by the browser itself, whatever becomes of the page that asked; of those that have
    /// ended, only headers may come.
    fn abandon(&mut self, is_over: impl Fn(&Request) -> bool) -> Vec<Event> {
        let has_ended = |request: &Request| request.hops.iter().all(|hop| hop.ended);
        let gone =
            self.open.extract_if(|id, request| (*id != request.document || has_ended(request)) && is_over(request));
        gone.flat_map(|(id, request)| {
            self.extra_infos.remove(&id);
            self.held.remove(&id).into_iter().chain(over(request, "the page was left"))
        })
        .collect()
    }

    fn last(&mut self, id: &str) -> Option<&mut Hop> {
        self.open.get_mut(id)?.hops.back_mut()
    }

    fn sent(&mut self, id: &str, params: &Value, session: &str, tab: &str) -> Vec<Event> {
        let mut events = Vec::new();
        let document = params["loaderId"].as_str().unwrap_or_default();
        let frame = params["frameId"].as_str();
        let context = frame.unwrap_or(tab);
        let mut redirects = 0;
        // Of a redirect that the page's policy forbids, only what came over the network is told.
        let early = self.extra_infos.get(id).and_then(|extra_info| extra_info.front()).map(from_extra_info);
        if let Some(before) = self.last(id) {
            let redirect = &params["redirectResponse"];
            redirects = before.params["redirectCount"].as_u64().unwrap_or_default() + 1;
            if let Some(answer) = Some(redirect).filter(|it| it.is_object()).map(response).or(early) {
                before.params["response"] = answer;
                before.headers_come = params["redirectHasExtraInfo"] == true || redirect.is_null();
                before.ended = true;
                events.push(("network.responseStarted", before.params.clone()));
            }
        }
        let (url, method) = (&params["request"]["url"], &params["request"]["method"]);
        let request_params = json!({
            "context": context,
            // Only a document's own request bears its name.
            "navigation": Some(document).filter(|document| *document == id),
            "redirectCount": redirects,
            "request": { "request": id, "url": url, "method": method, "headers": accepted(&params["request"]["headers"]) },
        });
        let request = self.open.entry(id.to_owned()).or_insert_with(|| Request {
            session: session.to_owned(),
            context: context.to_owned(),
            document: document.to_owned(),
            is_for_worker: frame.is_some() && document.is_empty(),
            is_cached: false,
            hops: VecDeque::new(),
        });
        request.hops.push_back(Hop { params: request_params.clone(), headers_come: false, ended: false });
        let is_held = request.is_for_worker && redirects == 0;
        events.append(&mut self.answered(id));
        let sent = ("network.beforeRequestSent", request_params);
        if is_held {
            self.held.insert(id.to_owned(), sent);
        } else {
            events.push(sent);
        }
        events
    }

    /// Tells of the answer to a request for a worker's script by what came over the network. Where more is told of it, as where no
    /// other page shares the worker, that comes too late.
    fn workers_script(&mut self, id: &str) -> Vec<Event> {
        let Some(request) = self.open.get_mut(id).filter(|request| request.is_for_worker) else { return Vec::new() };
        let Some(hop) = request.hops.back_mut().filter(|hop| hop.params["response"].is_null()) else {
            return Vec::new();
        };
        let extra_info = self.extra_infos.get(id).and_then(|extra_info| extra_info.back()).map(from_extra_info);
        let Some(answer) = extra_info.filter(|answer| !is_redirect(answer)) else { return Vec::new() };
        hop.params["response"] = answer;
        hop.ended = true;
        vec![("network.responseStarted", hop.params.clone())]
    }

    /// Tells of the answers that have ended, as far as all of them is there.
    fn answered(&mut self, id: &str) -> Vec<Event> {
        let mut events = Vec::new();
        let Some(request) = self.open.get_mut(id) else { return events };
        while let Some(hop) = request.hops.front()
            && hop.ended
        {
            // What came is of the first answer of which something comes.
            let extra_info = self.extra_infos.get_mut(id).filter(|_| hop.headers_come).and_then(VecDeque::pop_front);
            if hop.headers_come && extra_info.is_none() {
                break;
            }
            let Some(mut hop) = request.hops.pop_front() else { break };
            if let Some(extra_info) = extra_info {
                hop.params["response"]["headers"] = headers(&extra_info["headers"]);
            }
            events.push(("network.responseCompleted", hop.params));
        }
        if request.hops.is_empty() {
            self.open.remove(id);
            self.extra_infos.remove(id);
        }
        events
    }
}

/// What is told of a request of which nothing more comes: answers that have ended were answers.
fn over(request: Request, error: &str) -> impl Iterator<Item = Event> {
    let error = error.to_owned();
    request.hops.into_iter().map(move |mut hop| {
        if hop.ended {
            return ("network.responseCompleted", hop.params);
        }
        // An answer that did not end is told of as none.
        hop.params["response"] = Value::Null;
        hop.params["errorText"] = json!(error);
        ("network.fetchError", hop.params)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What came of each message, as `event redirects status|error`.
    fn events_of(messages: &[(&str, Value)]) -> Vec<String> {
        let mut requests = Requests::default();
        let events = messages.iter().flat_map(|(method, params)| requests.take(method, params, "session", "tab"));
        shown(&events.collect::<Vec<_>>())
    }

    fn shown(events: &[Event]) -> Vec<String> {
        let shown = events.iter().map(|(method, params)| {
            let end = [&params["errorText"], &params["response"]["status"]].into_iter().find(|end| !end.is_null());
            let end = end.map(|end| format!(" {end}")).unwrap_or_default();
            format!("{} {}{end}", method.trim_start_matches("network."), params["redirectCount"])
        });
        shown.collect()
    }

    fn sent(id: &str, document: &str) -> (&'static str, Value) {
        let request = json!({ "url": "http://app.example/", "method": "GET" });
        (
            "Network.requestWillBeSent",
            json!({ "requestId": id, "loaderId": document, "frameId": "frame", "request": request }),
        )
    }

    fn redirected(id: &str, document: &str, headers_come: bool) -> (&'static str, Value) {
        let (method, mut params) = sent(id, document);
        params["redirectResponse"] = json!({ "status": 302, "headers": { "location": "/next" } });
        params["redirectHasExtraInfo"] = json!(headers_come);
        (method, params)
    }

    fn received(id: &str, headers_come: bool) -> (&'static str, Value) {
        let response = json!({ "status": 200, "mimeType": "text/html", "headers": {} });
        ("Network.responseReceived", json!({ "requestId": id, "response": response, "hasExtraInfo": headers_come }))
    }

    fn extra(id: &str) -> (&'static str, Value) {
        ("Network.responseReceivedExtraInfo", json!({ "requestId": id, "headers": { "Set-Cookie": "a=1\nb=2" } }))
    }

    fn finished(id: &str) -> (&'static str, Value) {
        ("Network.loadingFinished", json!({ "requestId": id }))
    }

    #[test]
    fn redirects_are_answers_of_their_own() {
        let due = [
            "beforeRequestSent 0",
            "responseStarted 0 302",
            "responseCompleted 0 302",
            "beforeRequestSent 1",
            "responseStarted 1 200",
            "responseCompleted 1 200",
        ];
        assert_eq!(events_of(&[sent("1", "1"), redirected("1", "1", false), received("1", false), finished("1")]), due);
    }

    #[test]
    fn headers_as_they_came_are_waited_for_whenever_they_come() {
        let early =
            [extra("1"), sent("1", "1"), extra("1"), redirected("1", "1", true), received("1", true), finished("1")];
        let late =
            [sent("1", "1"), redirected("1", "1", true), received("1", true), finished("1"), extra("1"), extra("1")];
        let ends = |messages: &[_]| -> Vec<String> {
            events_of(messages).into_iter().filter(|event| event.starts_with("responseCompleted")).collect()
        };
        assert_eq!(ends(&early), ["responseCompleted 0 302", "responseCompleted 1 200"]);
        assert_eq!(ends(&late), ["responseCompleted 0 302", "responseCompleted 1 200"]);
        assert_eq!(ends(&late[..5]), ["responseCompleted 0 302"], "the second answer's headers are not there yet");

        let mut requests = Requests::default();
        let events = late.iter().flat_map(|(method, params)| requests.take(method, params, "session", "tab"));
        let (_, last) = events.last().expect("the answer ended");
        let cookies = json!([{ "name": "Set-Cookie", "value": { "type": "string", "value": "a=1\nb=2" } }]);
        assert_eq!(last["response"]["headers"], cookies);
        assert!(requests.open.is_empty() && requests.extra_infos.is_empty(), "nothing is left behind");
    }

    #[test]
    fn a_document_is_told_from_what_it_asks_for() {
        let navigation = |id, document| {
            let (method, params) = sent(id, document);
            let events = Requests::default().take(method, &params, "session", "tab");
            events[0].1["navigation"].clone()
        };
        assert_eq!(navigation("document", "document"), json!("document"));
        assert_eq!(navigation("picture", "document"), Value::Null);
    }

    #[test]
    fn what_failed_is_over() {
        let failed = ("Network.loadingFailed", json!({ "requestId": "1", "errorText": "net::ERR_FAILED" }));
        assert_eq!(
            events_of(&[sent("1", "1"), failed, finished("1")]),
            ["beforeRequestSent 0", "fetchError 0 \"net::ERR_FAILED\""]
        );
    }

    #[test]
    fn what_a_page_asked_for_is_over_when_it_is_left_or_its_session_gone_but_no_document() {
        let over = |left: fn(&mut Requests) -> Vec<Event>| {
            let mut requests = Requests::default();
            for (method, params) in [sent("picture", "old"), sent("new", "new"), sent("style", "new")] {
                requests.take(method, &params, "session", "tab");
            }
            let mut over: Vec<_> =
                left(&mut requests).iter().map(|(_, params)| text(&params["request"]["request"])).collect();
            over.sort();
            over
        };
        assert_eq!(over(|requests| requests.left("frame", "new")), ["picture"]);
        assert_eq!(over(|requests| requests.left("another frame", "new")), [""; 0]);
        assert_eq!(over(|requests| requests.gone("session")), ["picture", "style"]);
    }

    fn text(value: &Value) -> String {
        value.as_str().unwrap_or_default().to_owned()
    }
}
