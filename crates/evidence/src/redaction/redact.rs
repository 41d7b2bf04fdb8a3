//! Finding secrets in text: values that were registered, and parameters whose names say what they are.

use std::borrow::Cow;
use std::hash::BuildHasher as _;

use foldhash::HashMap;
use foldhash::quality::RandomState;
use memchr::memmem::Finder;
use percent_encoding::percent_decode_str;
use ring::hmac;

use crate::Fingerprint;
use crate::redaction::configured_secret::{Configured, ConfiguredSecret};
use crate::redaction::registered::{Registered, shown};
use crate::redaction::timeline_texts::Rewrite;
use crate::redaction::word::{SHORTEST_SEARCHED, is_word, is_word_character};

/// Parameters of URLs and forms whose values are secrets wherever they are met.
const SECRET_PARAMETERS: &[&str] = &[
    "access_token",
    "client_secret",
    "code",
    "code_challenge",
    "code_verifier",
    "id_token",
    "password",
    "refresh_token",
    "session_token",
    "state",
    "token",
];

/// Words after which a server that runs without end begins to forget the oldest: it knows up to twice as many.
const KEPT_WORDS: usize = 16_384;
/// The same of phrases.
const KEPT_PHRASES: usize = 64;

/// The secrets registered so far, by value.
#[derive(Debug)]
pub(crate) struct Secrets {
    key: hmac::Key,
    /// Values made only of [`is_word`] characters, by a keyed hash, since they are many: found by one look-up per word.
    words: HashMap<u64, Registered>,
    /// Those that are forgotten next, where they are forgotten.
    older_words: HashMap<u64, Registered>,
    /// Whether the oldest are forgotten, but for configured ones.
    forgets: bool,
    hashes: RandomState,
    /// Values with other characters in them: searched for one by one. There are few (passwords, some client secrets).
    phrases: Vec<Phrase>,
    /// Values that were known from the beginning, in all their forms.
    configured: Configured,
    /// Every label that may stand in a text by now, besides those of parameters.
    labels: Vec<&'static str>,
}

#[derive(Debug)]
struct Phrase {
    text: String,
    finder: Finder<'static>,
    registered: Registered,
}

impl Rewrite for Secrets {
    fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.redact(text)
    }
}

impl Secrets {
    /// None yet; fingerprints are made with this key. `forgets` says whether the oldest are forgotten when there are many.
    pub(crate) fn new(key: &[u8], forgets: bool) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        Self {
            key,
            words: HashMap::default(),
            older_words: HashMap::default(),
            forgets,
            hashes: RandomState::default(),
            phrases: Vec::new(),
            configured: Configured::default(),
            labels: Vec::new(),
        }
    }

    /// Registers values of any length in every [form](crate::redaction::encodings::Form) that they take in text.
    pub(crate) fn configure(&mut self, secrets: &[ConfiguredSecret]) {
        let mut is_new = false;
        for secret in secrets.iter().filter(|secret| !secret.value.is_empty()) {
            let registered = Registered { label: secret.label, fingerprint: self.sign(&secret.value) };
            self.know(secret.label);
            is_new |= self.configured.add(secret, registered);
        }
        if is_new {
            self.configured.build();
        }
    }

    /// A value's fingerprint, where it is registered.
    pub(crate) fn fingerprint(&self, value: &str) -> Option<Fingerprint> {
        self.registered(value).map(|known| known.fingerprint)
    }

    /// A value's fingerprint, worked out.
    pub(crate) fn sign(&self, value: &str) -> Fingerprint {
        Fingerprint::of(hmac::sign(&self.key, value.as_bytes()).as_ref())
    }

    /// Registers a value, so that it is found from now on. The first label stays.
    pub(crate) fn register(&mut self, label: &'static str, value: &str, fingerprint: Fingerprint) {
        if value.len() < SHORTEST_SEARCHED {
            return;
        }
        let registered = Registered { label, fingerprint };
        self.know(label);
        if self.forgets {
            self.forget_oldest();
        }
        if value.bytes().all(is_word) {
            self.words.entry(self.hashes.hash_one(value)).or_insert(registered);
        } else if !self.phrases.iter().any(|phrase| phrase.text == value) {
            let finder = Finder::new(value).into_owned();
            self.phrases.push(Phrase { text: value.to_owned(), finder, registered });
        }
    }

    /// Makes room for one more.
    fn forget_oldest(&mut self) {
        if self.words.len() >= KEPT_WORDS {
            self.older_words = std::mem::take(&mut self.words);
        }
        if self.phrases.len() >= 2 * KEPT_PHRASES {
            self.phrases.drain(..KEPT_PHRASES);
        }
    }

    /// `text` with every secret in it replaced by `‹label fingerprint›`.
    pub(crate) fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let shortest = self.configured.shortest().map_or(SHORTEST_SEARCHED, |shortest| shortest.min(SHORTEST_SEARCHED));
        if text.len() < shortest && !text.contains('=') {
            return Cow::Borrowed(text);
        }
        let mut text = Cow::Borrowed(text);
        // First, or a parameter would be taken to end within a secret that has a blank or `&` in it.
        if let Some(changed) = self.redact_configured(&text) {
            text = Cow::Owned(changed);
        }
        for phrase in &self.phrases {
            if phrase.stands_in(&text) {
                text = Cow::Owned(text.replace(&phrase.text, &phrase.registered.shown()));
            }
        }
        if let Some(changed) = self.redact_parameters(&text) {
            text = Cow::Owned(changed);
        }
        if let Some(changed) = self.redact_words(&text) {
            text = Cow::Owned(changed);
        }
        text
    }

    /// What is shown instead of a value that is a secret by where it stands.
    pub(crate) fn shown(&self, label: &str, value: &str) -> String {
        match self.registered(value) {
            Some(known) => shown(label, known.fingerprint),
            None => shown(label, self.sign(value)),
        }
    }

    /// The registered values that stand in a text, each once, with label and fingerprint.
    pub(crate) fn found_in<'a>(&'a self, text: &'a str) -> Vec<(&'static str, &'a str, Fingerprint)> {
        let words = text.split(|character| !is_word_character(character)).map(|word| word.trim_end_matches('.'));
        let words = words.filter(|word| word.len() >= SHORTEST_SEARCHED);
        let words = words.filter_map(|word| Some((word, *self.registered(word)?)));
        let phrases = self.phrases.iter().filter(|phrase| phrase.stands_in(text));
        let phrases = phrases.map(|phrase| (phrase.text.as_str(), phrase.registered));
        let found = words.chain(phrases).chain(self.configured.phrases_in(text));
        let mut found: Vec<_> = found.map(|(value, known)| (known.label, value, known.fingerprint)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn registered(&self, value: &str) -> Option<&Registered> {
        let among_phrases = || self.phrases.iter().find(|phrase| phrase.text == value).map(|phrase| &phrase.registered);
        self.word(value).or_else(|| self.configured.get(value)).or_else(among_phrases)
    }

    fn know(&mut self, label: &'static str) {
        if !self.labels.contains(&label) {
            self.labels.push(label);
        }
    }

    /// Bytes of the `‹label fingerprint›` that a text begins with; none where it is none of ours.
    fn marker(&self, text: &str) -> Option<usize> {
        let (inner, _) = text.strip_prefix('‹')?.split_once('›')?;
        let (label, fingerprint) = inner.rsplit_once(' ')?;
        let is_ours = self.labels.contains(&label) || SECRET_PARAMETERS.contains(&label);
        (is_ours && fingerprint.parse::<Fingerprint>().is_ok()).then_some('‹'.len_utf8() + inner.len() + '›'.len_utf8())
    }

    /// Replaces what was configured, in every form. None where there is nothing to replace.
    fn redact_configured(&self, text: &str) -> Option<String> {
        let mut out = String::new();
        let (mut done, mut at) = (0, 0);
        while let Some((span, known)) = self.configured.find(text, at) {
            let opened = text[done..span.start].rfind('‹').map(|opened| done + opened);
            let within = opened.and_then(|opened| Some(opened + self.marker(&text[opened..])?));
            if let Some(end) = within.filter(|end| *end > span.start) {
                at = end;
                continue;
            }
            let start = span.start.max(done);
            let shown = known.shown();
            make_room(&mut out, text, &text[start..span.end], &shown);
            out.push_str(&text[done..start]);
            out.push_str(&shown);
            (done, at) = (span.end, span.end);
        }
        (done > 0).then(|| out + &text[done..])
    }

    /// Where the value of a parameter ends that a text begins with: what was replaced in it is a part of it.
    fn end_of_value(&self, text: &str) -> usize {
        let mut at = 0;
        loop {
            let stop = |one: char| ends_value(one) || one == '‹';
            let Some(found) = text[at..].find(stop).map(|found| at + found) else { return text.len() };
            at = match self.marker(&text[found..]) {
                Some(length) => found + length,
                None if text[found..].starts_with('‹') => found + '‹'.len_utf8(),
                None => return found,
            };
        }
    }

    fn word(&self, word: &str) -> Option<&Registered> {
        let hash = self.hashes.hash_one(word);
        self.words.get(&hash).or_else(|| self.older_words.get(&hash))
    }

    /// Replaces the values of `name=value` where the name is a secret's; values are decoded first, so that a secret has
    /// one fingerprint whether it was met encoded or not. None where there is nothing to replace.
    fn redact_parameters(&self, text: &str) -> Option<String> {
        let mut out = String::new();
        // What stands before `done` is in `out`, once something was replaced.
        let (mut done, mut at) = (0, 0);
        while let Some(equals) = text[at..].find('=').map(|found| at + found) {
            let name = text[at..equals].rsplit(|character: char| !is_name(character)).next().unwrap_or_default();
            let value = &text[equals + 1..];
            at = equals + 1;
            if let Some(label) = secret_parameter(name) {
                let end = self.end_of_value(value);
                if end > 0 && self.marker(value) != Some(end) {
                    let shown = self.shown(label, &percent_decode_str(&value[..end]).decode_utf8_lossy());
                    make_room(&mut out, text, &value[..end], &shown);
                    out.push_str(&text[done..at]);
                    out.push_str(&shown);
                    at += end;
                    done = at;
                }
            }
        }
        (done > 0).then(|| out + &text[done..])
    }

    /// Replaces every word that is registered. None where there is nothing to replace.
    fn redact_words(&self, text: &str) -> Option<String> {
        let mut out = String::new();
        let mut done = 0;
        let mut at = 0;
        let bytes = text.as_bytes();
        // Each turn begins where a word may begin.
        while let Some(shortest) = bytes.get(at..at + SHORTEST_SEARCHED) {
            if let Some(gap) = shortest.iter().rposition(|byte| !is_word(*byte)) {
                at += gap + 1;
                continue;
            }
            let more = bytes[at + SHORTEST_SEARCHED..].iter().take_while(|byte| is_word(**byte)).count();
            let length = SHORTEST_SEARCHED + more;
            // A sentence may end in a secret; its full stop is not part of it.
            let word = text[at..at + length].trim_end_matches('.');
            if let Some(known) = self.word(word) {
                let shown = known.shown();
                make_room(&mut out, text, word, &shown);
                out.push_str(&text[done..at]);
                out.push_str(&shown);
                done = at + word.len();
            }
            at += length + 1;
        }
        (done > 0).then(|| out + &text[done..])
    }
}

impl Phrase {
    fn stands_in(&self, text: &str) -> bool {
        self.finder.find(text.as_bytes()).is_some()
    }
}

/// Before the first of `text` is put into `out`: what all of it takes where `shown` stands instead of `secret`. What is on record
/// takes no more than it needs.
fn make_room(out: &mut String, text: &str, secret: &str, shown: &str) {
    if out.capacity() == 0 {
        out.reserve_exact(text.len() + shown.len() - secret.len());
    }
}

/// The label for a parameter of this name, where the name says that the value is a secret.
pub(crate) fn secret_parameter(name: &str) -> Option<&'static str> {
    SECRET_PARAMETERS.iter().find(|known| **known == name).copied()
}

fn ends_value(character: char) -> bool {
    character.is_whitespace() || matches!(character, '&' | '#' | '"' | '\'' | '<' | '>' | ';' | ',' | ')')
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "tok-1234567890ab";
    const PASSWORD: &str = "pass phrase & more";

    /// The text redacted, fingerprints replaced by the length of what they are of.
    fn redacted(text: &str) -> String {
        let mut secrets = Secrets::new(b"a key", false);
        for (label, value) in [("token", TOKEN), ("password", PASSWORD)] {
            secrets.register(label, value, secrets.sign(value));
        }
        let values = [TOKEN, PASSWORD, "ab+c", "12", "x"];
        let shown = values.map(|value| (secrets.sign(value).to_string(), value.len().to_string()));
        let text = secrets.redact(text).replace('‹', "[").replace('›', "]");
        shown.iter().fold(text, |text, (fingerprint, length)| text.replace(fingerprint, length))
    }

    #[test]
    fn registered_values_are_replaced_wherever_they_stand() {
        assert_eq!(redacted("Bearer tok-1234567890ab"), "Bearer [token 16]");
        assert_eq!(redacted("{\"a\":\"tok-1234567890ab\"}"), "{\"a\":\"[token 16]\"}");
        assert_eq!(redacted("It was tok-1234567890ab."), "It was [token 16].");
        assert_eq!(redacted("tok-1234567890a tok-1234567890ab"), "tok-1234567890a [token 16]");
        assert_eq!(redacted("a-tok-1234567890ab ü tok-1234567890ab ü"), "a-tok-1234567890ab ü [token 16] ü");
        assert_eq!(redacted("said pass phrase & more!"), "said [password 18]!");
    }

    #[test]
    fn parameters_are_replaced_by_name_and_decoded_first() {
        assert_eq!(
            redacted("http://localhost/cb?code=ab%2Bc&state=12&page=3#code=x"),
            "http://localhost/cb?code=[code 4]&state=[state 2]&page=3#code=[code 1]"
        );
        assert_eq!(redacted("Zustand é=1 code="), "Zustand é=1 code=");
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in ["", "no secrets here", "estate=5&barcode=7", "é=ü", "a=b=c"] {
            assert_eq!(redacted(text), text);
        }
    }
}
