//! The pen: puts what was seen on the timeline, in order, stamped, and without secrets.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;

use tokio::sync::watch;

use crate::redaction::bounded_timeline::{BoundedTimeline, measured};
use crate::redaction::redact::{Secrets, secret_parameter};
use crate::redaction::timeline_texts::Texts as _;
use crate::{Alphabet, ConfiguredSecret, Entry, Event, Fingerprint, Page, Secret};

/// Writes one world's timeline. Clones write to the same one.
#[derive(Debug, Clone)]
pub struct Recorder {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    began: Instant,
    timeline: Mutex<BoundedTimeline>,
    /// Looked at by everybody for every text, and changed for new secrets only.
    values: RwLock<Values>,
    length: watch::Sender<u32>,
    flooded: watch::Sender<bool>,
}

#[derive(Debug)]
struct Values {
    secrets: Secrets,
    /// Values that are no secrets but that a secret must not be: what they are, by value.
    known: HashMap<String, String>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

impl Recorder {
    /// A new timeline with a fingerprint key of its own.
    pub fn new() -> Self {
        Self::with_key(&rand::random::<[u8; 32]>(), None)
    }

    /// A timeline that forgets its oldest entries beyond `keep`, and the oldest of some 30,000 secrets that were not configured, for a server
    /// that runs without end.
    pub fn bounded(keep: usize) -> Self {
        Self::with_key(&rand::random::<[u8; 32]>(), Some(keep))
    }

    /// A timeline whose fingerprints are made with `key`, so that several worlds of one run can be compared.
    pub fn with_key(key: &[u8], keep: Option<usize>) -> Self {
        Self {
            inner: Arc::new(Inner {
                began: Instant::now(),
                timeline: Mutex::new(BoundedTimeline::new(keep)),
                values: RwLock::new(Values { secrets: Secrets::new(key, keep.is_some()), known: HashMap::new() }),
                length: watch::Sender::new(0),
                flooded: watch::Sender::new(false),
            }),
        }
    }

    /// Puts something on the timeline and returns its sequence number.
    pub fn record(&self, mut event: Event) -> u32 {
        let at_ms = self.now_ms();
        let bytes = measured(&mut event);
        let pushed = self.timeline().push(at_ms, event, bytes);
        // Others need not wait until they are gone.
        drop(pushed.forgotten);
        if pushed.flooded {
            self.flood();
        } else {
            self.inner.length.send_replace(pushed.seq + 1);
        }
        pushed.seq
    }

    /// Says that the app sent more than is kept of a scenario, so that it is ended.
    pub fn flood(&self) {
        self.inner.flooded.send_replace(true);
    }

    /// Waits until more has come than is kept of a scenario.
    pub async fn flooded(&self) {
        let mut flooded = self.inner.flooded.subscribe();
        // The sender lives as long as the recorder.
        let _ = flooded.wait_for(|flooded| *flooded).await;
    }

    /// Milliseconds since the recording began.
    pub fn now_ms(&self) -> u64 {
        u64::try_from(self.inner.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The sequence number that the next entry will get.
    pub fn next_seq(&self) -> u32 {
        *self.inner.length.borrow()
    }

    /// A copy of the entries from `seq` on.
    pub fn since(&self, seq: u32) -> Vec<Entry> {
        self.scan(seq, <[Entry]>::to_vec)
    }

    /// Looks at the entries from `seq` on without copying them.
    pub fn scan<T>(&self, seq: u32, look: impl FnOnce(&[Entry]) -> T) -> T {
        look(self.timeline().since(seq))
    }

    /// Changes whenever something is recorded; its value is the next sequence number.
    pub fn watch(&self) -> watch::Receiver<u32> {
        self.inner.length.subscribe()
    }

    /// Registers secrets that are known before anything is recorded: they are found from now on whatever their length, and in every form
    /// that text may have them in. What is registered later is found as it is.
    pub fn configure(&self, secrets: &[ConfiguredSecret]) {
        self.values_mut().secrets.configure(secrets);
    }

    /// Entries that are to be kept, redacted once more: when some of them were recorded, not every secret in them was known.
    pub fn redact_again(&self, entries: &mut [Entry]) {
        let values = self.values();
        for entry in entries {
            entry.event.rewrite(&values.secrets);
        }
    }

    /// Registers a secret, so that it is replaced wherever it turns up later, and returns what may be kept of it.
    pub fn secret(&self, label: &'static str, value: &str) -> Secret {
        let (fingerprint, known) = self.registered(label, value);
        Secret { known, ..kept_of(value, fingerprint) }
    }

    /// Registers a secret of which nothing is to be kept.
    pub fn hide(&self, label: &'static str, value: &str) {
        self.registered(label, value);
    }

    /// A value's fingerprint, and what it is known to be. It is registered from now on; most are already, and then nobody waits.
    fn registered(&self, label: &'static str, value: &str) -> (Fingerprint, Option<String>) {
        let values = self.values();
        let known = values.known.get(value).cloned();
        if let Some(fingerprint) = values.secrets.fingerprint(value) {
            return (fingerprint, known);
        }
        let fingerprint = values.secrets.sign(value);
        drop(values);
        self.values_mut().secrets.register(label, value, fingerprint);
        (fingerprint, known)
    }

    /// The registered secrets that stand in a text, each with its label.
    pub fn secrets_in(&self, text: &str) -> Vec<(&'static str, Secret)> {
        let values = self.values();
        let found = values.secrets.found_in(text).into_iter();
        found.map(|(label, value, fingerprint)| (label, kept_of(value, fingerprint))).collect()
    }

    /// Registers a value that a secret must not be, and says what it is.
    pub fn known(&self, value: &str, what: &str) {
        self.values_mut().known.insert(value.to_owned(), what.to_owned());
    }

    /// `text` with every registered secret replaced by `‹label fingerprint›`, and secret parameters of URLs in it too.
    pub fn redact(&self, text: &str) -> String {
        self.values().secrets.redact(text).into_owned()
    }

    /// For what has many parts. No secret can be registered while it is held.
    pub fn redactor(&self) -> Redactor<'_> {
        Redactor(self.values())
    }

    /// Visible text, whitespace folded, secrets replaced, cut to what a page keeps.
    pub fn page_text(&self, text: &str) -> String {
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        // Cut last: half a secret would not be recognised any more.
        self.redact(&folded).chars().take(Page::TEXT_LIMIT).collect()
    }

    fn timeline(&self) -> MutexGuard<'_, BoundedTimeline> {
        // A panic while recording leaves whole entries behind, so the timeline stays good.
        self.inner.timeline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn values(&self) -> RwLockReadGuard<'_, Values> {
        self.inner.values.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn values_mut(&self) -> RwLockWriteGuard<'_, Values> {
        self.inner.values.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Replaces secrets as [`Recorder::redact`] does.
#[derive(Debug)]
pub struct Redactor<'a>(RwLockReadGuard<'a, Values>);

impl Redactor<'_> {
    /// `text` with every registered secret replaced, and secret parameters of URLs in it too.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.0.secrets.redact(text)
    }

    /// The value of a named parameter as it may be shown: a fingerprint where the name says it is a secret.
    pub fn parameter<'a>(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        match secret_parameter(name) {
            Some(label) if !value.is_empty() => self.0.secrets.shown(label, value).into(),
            _ => self.0.secrets.redact(value),
        }
    }
}

fn kept_of(value: &str, fingerprint: Fingerprint) -> Secret {
    Secret { fingerprint, length: value.chars().count(), alphabet: Alphabet::of(value), known: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HarnessError;

    fn trouble(what: &str) -> Event {
        Event::HarnessError(HarnessError { what: what.to_owned() })
    }

    #[test]
    fn equal_secrets_have_equal_fingerprints_within_a_run_and_not_across_runs() {
        let (one, two) = (Recorder::new(), Recorder::new());
        assert_eq!(one.secret("code", "abcdef").fingerprint, one.secret("state", "abcdef").fingerprint);
        assert_ne!(one.secret("code", "abcdef").fingerprint, two.secret("code", "abcdef").fingerprint);
    }

    #[test]
    fn a_secret_that_is_a_known_value_says_so() {
        let recorder = Recorder::new();
        recorder.known("ada@example.com", "the user's e-mail address");
        assert_eq!(recorder.secret("state", "ada@example.com").known.as_deref(), Some("the user's e-mail address"));
    }

    #[test]
    fn a_server_without_end_forgets_the_oldest_secrets_and_a_scenario_forgets_none() {
        let secret = |number: usize| format!("secret-number-{number:06}");
        for (recorder, forgets) in [(Recorder::bounded(10), true), (Recorder::new(), false)] {
            recorder.configure(&[ConfiguredSecret::new("client_secret", "configured-secret")]);
            for number in 0..100_000 {
                recorder.hide("code", &secret(number));
            }
            for number in 0..300 {
                recorder.hide("state", &format!("a phrase: {number:06}"));
            }
            for text in [secret(99_999), secret(90_000), "a phrase: 000299".into(), "configured-secret".into()] {
                assert!(!recorder.redact(&text).contains(&text), "{text}");
            }
            for text in [secret(0), "a phrase: 000000".into()] {
                assert_eq!(recorder.redact(&text).contains(&text), forgets, "{text}");
            }
            // Met again, it is known again.
            recorder.hide("code", &secret(0));
            assert!(!recorder.redact(&secret(0)).contains("secret-number"));
        }
    }

    #[test]
    fn a_bounded_timeline_keeps_the_newest_entries_and_their_numbers() {
        let recorder = Recorder::bounded(4);
        for number in 0..11 {
            assert_eq!(recorder.record(trouble(&number.to_string())), number);
        }
        let kept: Vec<u32> = recorder.since(0).iter().map(|entry| entry.seq).collect();
        assert!(kept.len() >= 4 && kept.last() == Some(&10), "{kept:?}");
        assert_eq!(recorder.since(9).len(), 2);
    }
}
