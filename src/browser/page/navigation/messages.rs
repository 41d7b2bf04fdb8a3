//! Messages that vanish: a script that is there before the page's own tells of each as it appears.
//!
//! The same script keeps windows closed that no click asked for, as browsers do that no program drives.
//!
//! It needs BiDi. Without it only what stands there at some reading is seen.

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::browser::BrowserError;
use crate::browser::bidi::Bidi;
use crate::browser::page::page_snapshot::Reading;
use crate::evidence::PolicyViolation;

/// The event by which they are told.
pub(in crate::browser) const EVENT: &str = "script.message";
/// Tells their channel from others.
const CHANNEL: &str = "flowcheck-messages";
const SCRIPT: &str = include_str!("messages.js");
/// Messages that are kept; a page that shows more shows nothing that could be read.
const MOST: usize = 50;

/// What was told so far.
#[derive(Debug, Default)]
pub(in crate::browser) struct Messages {
    kept: Vec<Message>,
    /// What pages' policies kept the browser from, and when.
    violations: Vec<(Instant, PolicyViolation)>,
}

#[derive(Debug)]
struct Message {
    at: Instant,
    /// When its document began, in microseconds; none of what was heard apart from any document.
    document: Option<u64>,
    text: String,
    /// Whether a dialog of the browser's own said it.
    by_dialog: bool,
}

impl Messages {
    /// Takes in an event.
    pub(in crate::browser) fn take(&mut self, params: &Value) {
        if params["channel"] != CHANNEL {
            return;
        }
        let Some((document, text)) = params["data"]["value"].as_str().and_then(|message| message.split_once(' '))
        else {
            return;
        };
        if document.starts_with('!') {
            if let Some((directive, blocked)) = text.split_once(' ').filter(|_| self.violations.len() < MOST) {
                let violation = PolicyViolation { directive: directive.to_owned(), blocked: blocked.to_owned() };
                self.violations.push((Instant::now(), violation));
            }
            return;
        }
        let Ok(document) = document.parse() else { return };
        self.push(Message { at: Instant::now(), document: Some(document), text: text.to_owned(), by_dialog: false });
    }

    /// Takes in what a dialog of the browser's own said.
    pub(in crate::browser) fn say(&mut self, text: &str) {
        self.push(Message { at: Instant::now(), document: None, text: text.to_owned(), by_dialog: true });
    }

    /// Takes over what was told in a window that is closed.
    pub(in crate::browser) fn take_over(&mut self, other: Self) {
        other.kept.into_iter().for_each(|message| self.push(Message { document: None, ..message }));
    }

    /// Whether a dialog told of something since then.
    pub(in crate::browser) fn told_by_dialog(&self, since: Instant) -> bool {
        self.kept.iter().any(|message| message.by_dialog && message.at >= since)
    }

    fn push(&mut self, message: Message) {
        if self.kept.len() >= MOST {
            self.kept.remove(0);
        }
        self.kept.push(message);
    }

    /// What policies kept the browser from since the last act, each once.
    pub(in crate::browser) fn violations(&self, since: Instant) -> Vec<PolicyViolation> {
        let mut found = Vec::new();
        for (_, violation) in self.violations.iter().filter(|(at, _)| *at >= since) {
            if !found.contains(violation) {
                found.push(violation.clone());
            }
        }
        found
    }

    /// Those that appeared since the last act and are no part of what is seen now. `before` is the document that was left
    /// by the act: what it had to say came too late.
    pub(in crate::browser) fn vanished(&self, since: Instant, now: &Reading, before: Option<u64>) -> Vec<String> {
        let mut vanished: Vec<String> = Vec::new();
        for message in &self.kept {
            let counts = message
                .document
                .is_none_or(|document| document == now.began || before.is_some_and(|before| document > before));
            if counts && message.at >= since && !now.text.contains(&message.text) && !vanished.contains(&message.text) {
                vanished.push(message.text.clone());
            }
        }
        vanished
    }
}

/// The address of a window that was not opened, where an event tells of one: no click had asked for it.
pub(in crate::browser) fn blocked_window(params: &Value) -> Option<&str> {
    let message = params["data"]["value"].as_str().filter(|_| params["channel"] == CHANNEL)?;
    message.strip_prefix("blocked ")
}

/// Has the script run in every page from now on, before the page's own.
pub(in crate::browser) async fn listen(bidi: &Bidi) -> Result<(), BrowserError> {
    let channel = json!({ "type": "channel", "value": { "channel": CHANNEL } });
    // Not in a sandbox: chromedriver tells of nothing from there. The script leaves nothing that a page could find.
    let script = json!({ "functionDeclaration": SCRIPT, "arguments": [channel] });
    bidi.send("script.addPreloadScript", &script).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_gone_and_came_since_has_vanished() {
        let mut messages = Messages::default();
        let tell = |text: &str| json!({ "channel": CHANNEL, "data": { "type": "string", "value": text } });
        let seen = json!({
            "url": "", "title": "", "origin": 7, "status": null, "media_type": null, "klaviyo_page": null, "headings": [],
            "outline": [], "text": "Dashboard Still here", "prose": "", "alerts": [], "dialogs": [], "controls": [],
            "fields": [], "submits": [],
        });
        let now = Reading { began: 7, ..serde_json::from_value(seen).expect("it is a reading") };
        messages.take(&tell("7 an old one"));
        let since = Instant::now();
        for message in [
            "7 Could not connect",
            "7 Could not connect",
            "7 Still here",
            "3 of the page that was left",
            "5 in between",
        ] {
            messages.take(&tell(message));
        }
        messages.take(&json!({ "channel": "another", "data": { "value": "7 not ours" } }));
        assert_eq!(messages.vanished(since, &now, Some(3)), ["Could not connect", "in between"]);
        assert!(messages.violations(since).is_empty());
        for _ in 0..2 {
            messages.take(&tell("!7 form-action https://www.klaviyo.com/"));
        }
        let violation =
            PolicyViolation { directive: "form-action".to_owned(), blocked: "https://www.klaviyo.com/".to_owned() };
        assert_eq!(messages.violations(since), [violation]);
    }
}
