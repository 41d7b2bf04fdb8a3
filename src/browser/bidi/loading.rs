//! Documents: setting out, loading, failing, and the frames that they stand in.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::event::Event;

/// Documents that are on their way, by frame.
#[derive(Debug, Default)]
pub(super) struct Loading {
    under_way: HashMap<String, Document>,
}

#[derive(Debug)]
struct Document {
    id: String,
    /// Whether it has taken the place of the frame's last one.
    is_there: bool,
}

impl Loading {
    /// Takes in what a session tells of its pages.
    pub(super) fn take(&mut self, method: &str, params: &Value) -> Option<Event> {
        let frame = params["frameId"].as_str().or(params["frame"]["id"].as_str()).unwrap_or_default();
        let document = params["loaderId"].as_str().unwrap_or_default();
        let event_params = json!({ "context": frame, "navigation": document });
        match method {
            "Page.frameStartedNavigating" => {
                if params["navigationType"].as_str().is_some_and(|kind| kind.ends_with("ameDocument")) {
                    return None;
                }
                self.under_way.insert(frame.to_owned(), Document { id: document.to_owned(), is_there: false });
                Some(("browsingContext.navigationStarted", event_params))
            }
            "Page.lifecycleEvent" => match params["name"].as_str()? {
                "DOMContentLoaded" => Some(("browsingContext.domContentLoaded", event_params)),
                // That of a document which the next one replaces does not end the next one's.
                "load" if self.under_way.get(frame).is_none_or(|awaited| awaited.id == document) => {
                    self.under_way.remove(frame);
                    Some(("browsingContext.load", event_params))
                }
                _ => None,
            },
            // A page that was put aside is there at once, as it was left.
            "Page.frameNavigated" if params["type"] == "BackForwardCacheRestore" => {
                self.under_way.remove(frame);
                Some(("browsingContext.load", event_params))
            }
            "Page.frameNavigated" => {
                let there = params["frame"]["loaderId"].as_str();
                if let Some(awaited) =
                    self.under_way.get_mut(frame).filter(|awaited| Some(awaited.id.as_str()) == there)
                {
                    awaited.is_there = true;
                }
                None
            }
            // Loading that was stopped, as by `window.stop()`, ends without a load.
            "Page.frameStoppedLoading" if self.under_way.get(frame).is_some_and(|awaited| awaited.is_there) => {
                let stopped = self.under_way.remove(frame)?;
                Some(("browsingContext.navigationAborted", json!({ "context": frame, "navigation": stopped.id })))
            }
            "Page.navigatedWithinDocument" => Some(("browsingContext.fragmentNavigated", event_params)),
            "Page.frameAttached" => {
                Some(("browsingContext.contextCreated", json!({ "context": frame, "parent": params["parentFrameId"] })))
            }
            // A frame that only goes over to another process is still there.
            "Page.frameDetached" if params["reason"] != "swap" => {
                self.under_way.remove(frame);
                Some(("browsingContext.contextDestroyed", event_params))
            }
            _ => None,
        }
    }

    /// A request failed; if it was for a document, that document does not come.
    pub(super) fn failed(&mut self, request: &str) -> Option<Event> {
        let (frame, _) = self.under_way.iter().find(|(_, document)| document.id == request)?;
        let frame = frame.clone();
        self.under_way.remove(&frame);
        Some(("browsingContext.navigationFailed", json!({ "context": frame, "navigation": request })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets_out(document: &str) -> (&'static str, Value) {
        (
            "Page.frameStartedNavigating",
            json!({ "frameId": "frame", "loaderId": document, "navigationType": "differentDocument" }),
        )
    }

    fn loads(document: &str) -> (&'static str, Value) {
        ("Page.lifecycleEvent", json!({ "frameId": "frame", "loaderId": document, "name": "load" }))
    }

    fn event_params(messages: &[(&str, Value)]) -> Vec<String> {
        let mut loading = Loading::default();
        let events = messages.iter().filter_map(|(method, params)| loading.take(method, params));
        events.map(|(method, _)| method.trim_start_matches("browsingContext.").to_owned()).collect()
    }

    #[test]
    fn the_load_of_a_document_that_is_being_left_does_not_end_the_next_ones() {
        assert_eq!(
            event_params(&[sets_out("1"), sets_out("2"), loads("1"), loads("2")]),
            ["navigationStarted", "navigationStarted", "load"]
        );
    }

    #[test]
    fn going_to_another_part_of_a_document_is_no_loading() {
        let within = ("Page.navigatedWithinDocument", json!({ "frameId": "frame", "url": "http://app.example/#part" }));
        for kind in ["sameDocument", "historySameDocument"] {
            let (method, mut params) = sets_out("1");
            params["navigationType"] = json!(kind);
            assert_eq!(event_params(&[(method, params), within.clone()]), ["fragmentNavigated"]);
        }
    }

    #[test]
    fn a_page_that_was_put_aside_is_there_at_once() {
        let frame = json!({ "id": "frame", "loaderId": "1" });
        let back = |kind: &str| ("Page.frameNavigated", json!({ "frame": frame, "type": kind }));
        assert_eq!(event_params(&[sets_out("1"), back("BackForwardCacheRestore")]), ["navigationStarted", "load"]);
        assert_eq!(event_params(&[sets_out("1"), back("Navigation")]), ["navigationStarted"]);
    }

    #[test]
    fn a_document_that_is_stopped_is_awaited_no_longer_once_it_is_there() {
        let stopped = ("Page.frameStoppedLoading", json!({ "frameId": "frame" }));
        let there =
            ("Page.frameNavigated", json!({ "frame": { "id": "frame", "loaderId": "1" }, "type": "Navigation" }));
        let aborted = ["navigationStarted", "navigationAborted"];
        assert_eq!(event_params(&[sets_out("1"), there.clone(), stopped.clone(), stopped.clone()]), aborted);
        assert_eq!(event_params(&[sets_out("1"), there, loads("1"), stopped.clone()]), ["navigationStarted", "load"]);
        assert_eq!(event_params(&[sets_out("1"), stopped]), ["navigationStarted"], "that was the document before it");
    }

    #[test]
    fn a_frame_that_goes_over_to_another_process_stays() {
        let away = |reason: &str| ("Page.frameDetached", json!({ "frameId": "frame", "reason": reason }));
        assert_eq!(event_params(&[away("swap")]), [""; 0]);
        assert_eq!(event_params(&[away("remove")]), ["contextDestroyed"]);
    }

    #[test]
    fn a_document_that_failed_is_awaited_no_longer_and_no_other_request_is_one() {
        let mut loading = Loading::default();
        let (method, params) = sets_out("1");
        loading.take(method, &params);
        assert_eq!(loading.failed("a picture"), None);
        let failed = loading.failed("1").expect("it was under way");
        assert_eq!(failed, ("browsingContext.navigationFailed", json!({ "context": "frame", "navigation": "1" })));
        assert_eq!(loading.failed("1"), None);
    }
}
