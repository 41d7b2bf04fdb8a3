//! Requests: each with its redirects, its answer, and the headers as they came.
//!
//! What came over the network, cookies included, Chromium tells apart from the rest of an answer, before or after it; both are put
//! together here.

use std::collections::{HashMap, VecDeque};

use serde_json::{Value, json};

use super::translation::Event;

/// Headers of answers whose requests nobody told of; beyond so many, they are forgotten.
const UNCLAIMED: usize = 200;

#[derive(Debug, Default)]
pub(super) struct Requests {
    open: HashMap<String, Request>,
    /// Headers as they came, in the order of a request's answers.
    headers: HashMap<String, VecDeque<Value>>,
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
        match method {
            "Network.requestWillBeSent" => self.sent(id, params, session, tab),
            "Network.responseReceivedExtraInfo" => {
                if self.headers.len() >= UNCLAIMED {
                    self.headers.retain(|id, _| self.open.contains_key(id));
                }
                self.headers.entry(id.to_owned()).or_default().push_back(params["headers"].clone());
                self.answered(id)
            }
            "Network.responseReceived" => {
                let Some(hop) = self.last(id) else { return Vec::new() };
                hop.params["response"] = response(&params["response"]);
                hop.headers_come = params["hasExtraInfo"] == true;
                vec![("network.responseStarted", hop.params.clone())]
            }
            "Network.loadingFinished" => {
                let Some(hop) = self.last(id) else { return Vec::new() };
                hop.ended = true;
                if let Some(kept) = &mut self.kept {
                    kept.insert(id.to_owned(), session.to_owned());
                }
                self.answered(id)
            }
            "Network.loadingFailed" => {
                // What has nothing to show is given up by the page, not by the network.
                if let Some(hop) = self.last(id).filter(|hop| has_nothing(&hop.params["response"])) {
                    hop.ended = true;
                    return self.answered(id);
                }
                let mut events = self.answered(id);
                self.headers.remove(id);
                let hops = self.open.remove(id).into_iter().flat_map(|request| request.hops);
                events.extend(hops.map(|hop| failure(hop, &params["errorText"])));
                events
            }
            _ => Vec::new(),
        }
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

    /// Documents are told of to their end by the browser itself, whatever becomes of the page that asked.
    fn abandon(&mut self, over: impl Fn(&Request) -> bool) -> Vec<Event> {
        let over = self.open.extract_if(|id, request| *id != request.document && over(request));
        let hops = over.flat_map(|(_, request)| request.hops);
        hops.map(|hop| failure(hop, &json!("the page was left"))).collect()
    }

    fn last(&mut self, id: &str) -> Option<&mut Hop> {
        self.open.get_mut(id)?.hops.back_mut()
    }

    fn sent(&mut self, id: &str, params: &Value, session: &str, tab: &str) -> Vec<Event> {
        let mut events = Vec::new();
        let document = params["loaderId"].as_str().unwrap_or_default();
        let context = params["frameId"].as_str().unwrap_or(tab);
        let mut redirects = 0;
        if let Some(before) = self.last(id).filter(|_| params["redirectResponse"].is_object()) {
            before.params["response"] = response(&params["redirectResponse"]);
            before.headers_come = params["redirectHasExtraInfo"] == true;
            before.ended = true;
            redirects = before.params["redirectCount"].as_u64().unwrap_or_default() + 1;
            events.push(("network.responseStarted", before.params.clone()));
        }
        let (url, method) = (&params["request"]["url"], &params["request"]["method"]);
        let told = json!({
            "context": context,
            // Only a document's own request bears its name.
            "navigation": Some(document).filter(|document| *document == id),
            "redirectCount": redirects,
            "request": { "request": id, "url": url, "method": method },
        });
        let request = self.open.entry(id.to_owned()).or_insert_with(|| Request {
            session: session.to_owned(),
            context: context.to_owned(),
            document: document.to_owned(),
            hops: VecDeque::new(),
        });
        request.hops.push_back(Hop { params: told.clone(), headers_come: false, ended: false });
        events.append(&mut self.answered(id));
        events.push(("network.beforeRequestSent", told));
        events
    }

    /// Tells of the answers that have ended, as far as all of them is there.
    fn answered(&mut self, id: &str) -> Vec<Event> {
        let mut events = Vec::new();
        let Some(request) = self.open.get_mut(id) else { return events };
        while let Some(hop) = request.hops.front()
            && hop.ended
        {
            let came = self.headers.get_mut(id).and_then(VecDeque::pop_front).filter(|_| hop.headers_come);
            if hop.headers_come && came.is_none() {
                break;
            }
            let Some(mut hop) = request.hops.pop_front() else { break };
            if let Some(came) = came {
                hop.params["response"]["headers"] = headers(&came);
            }
            events.push(("network.responseCompleted", hop.params));
        }
        if request.hops.is_empty() {
            self.open.remove(id);
            self.headers.remove(id);
        }
        events
    }
}

/// An answer that did not end is told of as none.
fn failure(mut hop: Hop, error: &Value) -> Event {
    hop.params["response"] = Value::Null;
    hop.params["errorText"] = error.clone();
    ("network.fetchError", hop.params)
}

/// Whether an answer is one without content, 204 or 205.
fn has_nothing(response: &Value) -> bool {
    response["status"].as_u64().is_some_and(|status| matches!(status, 204 | 205))
}

fn response(told: &Value) -> Value {
    json!({ "status": told["status"], "mimeType": told["mimeType"], "headers": headers(&told["headers"]) })
}

/// Chromium has one entry for each name, BiDi a list.
fn headers(told: &Value) -> Value {
    let all = told.as_object().into_iter().flatten();
    all.map(|(name, value)| json!({ "name": name, "value": { "type": "string", "value": value } })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What came of each message, as `event redirects status|error`.
    fn told(messages: &[(&str, Value)]) -> Vec<String> {
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

    fn came(id: &str) -> (&'static str, Value) {
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
        assert_eq!(told(&[sent("1", "1"), redirected("1", "1", false), received("1", false), finished("1")]), due);
    }

    #[test]
    fn headers_as_they_came_are_waited_for_whenever_they_come() {
        let early =
            [came("1"), sent("1", "1"), came("1"), redirected("1", "1", true), received("1", true), finished("1")];
        let late =
            [sent("1", "1"), redirected("1", "1", true), received("1", true), finished("1"), came("1"), came("1")];
        let ends = |messages: &[_]| -> Vec<String> {
            told(messages).into_iter().filter(|event| event.starts_with("responseCompleted")).collect()
        };
        assert_eq!(ends(&early), ["responseCompleted 0 302", "responseCompleted 1 200"]);
        assert_eq!(ends(&late), ["responseCompleted 0 302", "responseCompleted 1 200"]);
        assert_eq!(ends(&late[..5]), ["responseCompleted 0 302"], "the second answer's headers are not there yet");

        let mut requests = Requests::default();
        let events = late.iter().flat_map(|(method, params)| requests.take(method, params, "session", "tab"));
        let (_, last) = events.last().expect("the answer ended");
        let cookies = json!([{ "name": "Set-Cookie", "value": { "type": "string", "value": "a=1\nb=2" } }]);
        assert_eq!(last["response"]["headers"], cookies);
        assert!(requests.open.is_empty() && requests.headers.is_empty(), "nothing is left behind");
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
            told(&[sent("1", "1"), failed, finished("1")]),
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
