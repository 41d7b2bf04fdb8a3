//! What Chromium tells, as BiDi's events.

use serde_json::{Value, json};

use super::event::Event;
use super::loading::Loading;
use super::requests::Requests;
use super::socket::Call;
use super::tabs::Tabs;

/// A tab crashed; none of BiDi's events.
pub(in crate::browser) const CRASHED: &str = "browsingContext.crashed";

#[derive(Debug, Default)]
pub(super) struct Translation {
    pub(super) tabs: Tabs,
    pub(super) requests: Requests,
    pub(super) loading: Loading,
}

impl Translation {
    /// Takes in what was told: the events to pass on, and what Chromium is to be asked in turn.
    pub(super) fn take(&mut self, message: &Value) -> (Vec<Event>, Vec<Call>) {
        let Some(method) = message["method"].as_str() else { return (Vec::new(), Vec::new()) };
        let params = &message["params"];
        let Some(session) = message["sessionId"].as_str() else { return self.pages(method, params) };
        let Some(tab) = self.tabs.of(session).map(|(tab, _)| tab.to_owned()) else { return (Vec::new(), Vec::new()) };
        let mut calls = Vec::new();
        let events = match method.split_once('.').unwrap_or_default() {
            ("Network", _) => {
                let mut events = self.requests.take(method, params, session, &tab);
                calls.extend(self.requests.asks(method, params, session));
                if method == "Network.loadingFailed" {
                    events.extend(self.loading.failed(params["requestId"].as_str().unwrap_or_default()));
                }
                events
            }
            ("Page", "javascriptDialogOpening") => {
                // A page's question holds everything up; it is answered as WebDriver's `accept` says.
                calls.push(Call::new("Page.handleJavaScriptDialog", json!({ "accept": true })).to(session));
                let (kind, message) = (&params["type"], &params["message"]);
                let event_params = json!({ "context": tab, "handler": "accept", "type": kind, "message": message });
                vec![("browsingContext.userPromptOpened", event_params)]
            }
            ("Page", _) => self.page(method, params, &tab),
            ("Runtime", "bindingCalled") => {
                let data = json!({ "type": "string", "value": params["payload"] });
                vec![(
                    "script.message",
                    json!({ "channel": params["name"], "data": data, "source": { "context": tab } }),
                )]
            }
            ("Target", "attachedToTarget") => {
                calls = self.tabs.attached(&tab, params);
                Vec::new()
            }
            ("Target", "detachedFromTarget") => {
                let session = params["sessionId"].as_str().unwrap_or_default();
                self.tabs.detached(session);
                self.requests.gone(session)
            }
            _ => Vec::new(),
        };
        (events, calls)
    }

    /// Takes in what the browser itself tells of its pages.
    fn pages(&mut self, method: &str, params: &Value) -> (Vec<Event>, Vec<Call>) {
        match method {
            "Target.attachedToTarget" => self.tabs.found(params),
            "Target.detachedFromTarget" => {
                let session = params["sessionId"].as_str().unwrap_or_default();
                let mut events = self.requests.gone(session);
                events.extend(self.tabs.lost(session));
                (events, Vec::new())
            }
            "Target.targetCrashed" => {
                let event_params = json!({ "context": params["targetId"], "status": params["status"] });
                (vec![(CRASHED, event_params)], Vec::new())
            }
            _ => (Vec::new(), Vec::new()),
        }
    }

    fn page(&mut self, method: &str, params: &Value, tab: &str) -> Vec<Event> {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let frame = &params["frame"];
        let mut events = match method {
            "Page.frameNavigated" => self.requests.left(&word(&frame["id"]), &word(&frame["loaderId"])),
            "Page.frameDetached" if params["reason"] != "swap" => self.requests.left(&word(&params["frameId"]), ""),
            _ => Vec::new(),
        };
        let event = self.loading.take(method, params);
        if let Some((method, event_params)) = &event
            && event_params["context"] == tab
            && let Some(tab) = self.tabs.tab(tab)
        {
            match *method {
                "browsingContext.navigationStarted" => tab.set_out.send_modify(|count| *count += 1),
                "browsingContext.load" => {
                    tab.loaded.send_replace(event_params["navigation"].as_str().unwrap_or_default().to_owned());
                }
                _ => {}
            }
        }
        events.extend(event);
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened() -> Translation {
        let mut translation = Translation::default();
        translation.tabs.user("user", true);
        translation.tabs.preload("tell => tell('x')", "messages");
        translation.tabs.open("tab", "session", "user");
        translation
    }

    fn asked(calls: &[Call]) -> Vec<String> {
        calls.iter().map(|call| format!("{} of {}", call.method, call.session.as_deref().unwrap_or("all"))).collect()
    }

    #[test]
    fn a_frame_in_another_process_tells_all_that_the_tab_does_before_it_goes_on() {
        let mut translation = opened();
        let attached = |session: &str, kind: &str| {
            let params = json!({ "sessionId": session, "targetInfo": { "type": kind } });
            json!({ "method": "Target.attachedToTarget", "sessionId": "session", "params": params })
        };
        let (_, calls) = translation.take(&attached("frame's", "iframe"));
        assert_eq!(
            asked(&calls),
            [
                "Page.enable of frame's",
                "Page.setLifecycleEventsEnabled of frame's",
                "Network.enable of frame's",
                "Target.setAutoAttach of frame's",
                "Security.setIgnoreCertificateErrors of frame's",
                "Runtime.enable of frame's",
                "Runtime.addBinding of frame's",
                "Page.addScriptToEvaluateOnNewDocument of frame's",
                "Runtime.runIfWaitingForDebugger of frame's",
            ]
        );
        let (_, calls) = translation.take(&attached("worker's", "worker"));
        assert_eq!(asked(&calls), ["Network.enable of worker's", "Runtime.runIfWaitingForDebugger of worker's"]);

        // What the worker fetches is the tab's, and over when the worker is gone.
        let request = json!({ "url": "http://app.example/", "method": "GET" });
        let params = json!({ "requestId": "1", "loaderId": "", "request": request });
        let fetches = json!({ "method": "Network.requestWillBeSent", "sessionId": "worker's", "params": params });
        let (events, _) = translation.take(&fetches);
        assert_eq!(events[0].1["context"], "tab");
        let gone = json!({ "method": "Target.detachedFromTarget", "sessionId": "session", "params": { "sessionId": "worker's" } });
        assert_eq!(translation.take(&gone).0[0].0, "network.fetchError");
        assert_eq!(translation.take(&fetches), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_a_page_opens_is_its_users_and_tells_all_that_a_tab_does() {
        let mut translation = opened();
        let attached = |user: &str| {
            let target = json!({ "targetId": "popup", "type": "page", "openerId": "tab", "browserContextId": user });
            json!({ "method": "Target.attachedToTarget", "params": { "sessionId": "popup's", "targetInfo": target } })
        };
        let (events, calls) = translation.take(&attached("another"));
        assert_eq!((events, asked(&calls)[1].as_str()), (Vec::new(), "Target.detachFromTarget of all"));

        let mut guessed = attached("user");
        guessed["params"]["targetInfo"]["subtype"] = json!("prerender");
        assert_eq!(translation.take(&guessed).0, [], "nobody sees it yet");

        let (events, calls) = translation.take(&attached("user"));
        let due = json!({ "context": "popup", "parent": null, "originalOpener": "tab", "userContext": "user" });
        assert_eq!(events, [("browsingContext.contextCreated", due)]);
        let asked = asked(&calls);
        assert_eq!((asked[0].as_str(), asked.len()), ("Page.enable of popup's", 9));
        assert_eq!(asked[8], "Runtime.runIfWaitingForDebugger of popup's");

        let gone = json!({ "method": "Target.detachedFromTarget", "params": { "sessionId": "popup's" } });
        assert_eq!(translation.take(&gone).0, [("browsingContext.contextDestroyed", json!({ "context": "popup" }))]);
        assert_eq!(translation.take(&gone).0, []);
    }

    #[test]
    fn headers_that_are_late_are_asked_after_once_and_waited_for_no_longer_than_the_answer() {
        let message = |method: &str, params: Value| {
            let mut params = params;
            params["requestId"] = json!("1");
            json!({ "method": method, "sessionId": "session", "params": params })
        };
        let begun = |translation: &mut Translation| {
            let request = json!({ "url": "http://app.example/", "method": "GET" });
            translation.take(&message("Network.requestWillBeSent", json!({ "loaderId": "2", "request": request })));
            let response = json!({ "status": 200, "headers": {} });
            let params = json!({ "response": response, "hasExtraInfo": true });
            translation.take(&message("Network.responseReceived", params));
        };
        let finished = message("Network.loadingFinished", json!({}));
        let headers = message("Network.responseReceivedExtraInfo", json!({ "headers": { "Set-Cookie": "a=1" } }));
        let cookies = |events: &[Event]| events[0].1["response"]["headers"].as_array().map(Vec::len);

        let mut translation = opened();
        begun(&mut translation);
        translation.take(&headers);
        let (events, calls) = translation.take(&finished);
        assert_eq!((cookies(&events), calls), (Some(1), Vec::new()), "they were there");

        begun(&mut translation);
        let (events, calls) = translation.take(&finished);
        assert_eq!((events, asked(&calls)), (Vec::new(), vec!["Network.getCookies of session".to_owned()]));
        let settled = calls[0].then.clone().expect("something follows");
        let (events, calls) = translation.take(&settled);
        assert_eq!((events[0].0, cookies(&events), calls), ("network.responseCompleted", Some(0), Vec::new()));
        assert_eq!(translation.take(&settled), (Vec::new(), Vec::new()));

        begun(&mut translation);
        let (_, calls) = translation.take(&finished);
        let (events, _) = translation.take(&headers);
        assert_eq!(cookies(&events), Some(1), "they came before the answer");
        let settled = calls[0].then.clone().expect("something follows");
        assert_eq!(translation.take(&settled), (Vec::new(), Vec::new()));
    }

    #[test]
    fn sessions_of_others_are_not_heard() {
        let message =
            json!({ "method": "Page.navigatedWithinDocument", "sessionId": "another", "params": { "frameId": "x" } });
        assert_eq!(opened().take(&message), (Vec::new(), Vec::new()));
        let mut translation = opened();
        translation.tabs.forget_user("user");
        let message =
            json!({ "method": "Page.navigatedWithinDocument", "sessionId": "session", "params": { "frameId": "tab" } });
        assert_eq!(translation.take(&message), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_a_script_tells_comes_under_its_channel() {
        let event_params = json!({ "name": "messages", "payload": "7 Saved" });
        let (events, _) = opened()
            .take(&json!({ "method": "Runtime.bindingCalled", "sessionId": "session", "params": event_params }));
        let data = json!({ "type": "string", "value": "7 Saved" });
        let due = json!({ "channel": "messages", "data": data, "source": { "context": "tab" } });
        assert_eq!(events, [("script.message", due)]);
    }

    #[test]
    fn a_pages_question_is_answered() {
        let said = json!({ "type": "alert", "message": "Not connected" });
        let opening = json!({ "method": "Page.javascriptDialogOpening", "sessionId": "session", "params": said });
        let (events, calls) = opened().take(&opening);
        let due = json!({ "context": "tab", "handler": "accept", "type": "alert", "message": "Not connected" });
        assert_eq!(events, [("browsingContext.userPromptOpened", due)]);
        assert_eq!(calls, [Call::new("Page.handleJavaScriptDialog", json!({ "accept": true })).to("session")]);
    }
}
