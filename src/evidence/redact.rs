//! Finding secrets in text: values that were registered, and parameters whose names say what they are.

use std::borrow::Cow;
use std::collections::HashMap;

use percent_encoding::percent_decode_str;

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

/// Shorter values are replaced where a parameter names them, but not searched for in running text: too much would match.
const SHORTEST_SEARCHED: usize = 12;

/// The secrets registered so far, by value, with the label each is shown by.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    /// Values made only of [`is_word`] characters: found by one look-up per word.
    words: HashMap<String, &'static str>,
    /// Values with other characters in them: searched for one by one. There are few (passwords, some client secrets).
    phrases: Vec<(String, &'static str)>,
}

impl Secrets {
    pub(super) fn register(&mut self, label: &'static str, value: &str) {
        if value.len() < SHORTEST_SEARCHED {
            return;
        }
        if value.chars().all(is_word) {
            self.words.entry(value.to_owned()).or_insert(label);
        } else if !self.phrases.iter().any(|(phrase, _)| phrase == value) {
            self.phrases.push((value.to_owned(), label));
        }
    }

    /// `text` with every secret in it put through `show(label, value)`.
    pub(super) fn redact(&self, text: &str, show: impl Fn(&str, &str) -> String) -> String {
        let mut text = Cow::Borrowed(text);
        for (phrase, label) in &self.phrases {
            if text.contains(phrase.as_str()) {
                text = Cow::Owned(text.replace(phrase.as_str(), &show(label, phrase)));
            }
        }
        let text = redact_parameters(&text, &show);
        self.redact_words(&text, &show)
    }

    /// The registered values that stand in a text, each once, with the label it was registered by.
    pub(super) fn found_in<'a>(&'a self, text: &str) -> Vec<(&'static str, &'a str)> {
        let words = text.split(|character| !is_word(character)).map(|word| word.trim_end_matches('.'));
        let mut found: Vec<_> = words
            .filter_map(|word| self.words.get_key_value(word))
            .map(|(value, label)| (*label, value.as_str()))
            .collect();
        let phrases = self.phrases.iter().filter(|(phrase, _)| text.contains(phrase.as_str()));
        found.extend(phrases.map(|(phrase, label)| (*label, phrase.as_str())));
        found.sort_unstable();
        found.dedup();
        found
    }

    fn redact_words(&self, text: &str, show: impl Fn(&str, &str) -> String) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_word) {
            let (before, from) = rest.split_at(start);
            let end = from.find(|character| !is_word(character)).unwrap_or(from.len());
            let (word, after) = from.split_at(end);
            out.push_str(before);
            // A sentence may end in a secret; its full stop is not part of it.
            let bare = word.trim_end_matches('.');
            match self.words.get(bare) {
                Some(label) => {
                    out.push_str(&show(label, bare));
                    out.push_str(&word[bare.len()..]);
                }
                None => out.push_str(word),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// The label for a parameter of this name, where the name says that the value is a secret.
pub(super) fn secret_parameter(name: &str) -> Option<&'static str> {
    SECRET_PARAMETERS.iter().find(|known| **known == name).copied()
}

/// Replaces the values of `name=value` where the name is a secret's; values are decoded first, so that a secret has one
/// fingerprint whether it was met encoded or not.
fn redact_parameters(text: &str, show: impl Fn(&str, &str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(equals) = rest.find('=') {
        let (before, from) = rest.split_at(equals);
        let name_start = before.rfind(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
        let name = &before[name_start.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8))..];
        let value = &from[1..];
        let end = value.find(ends_value).unwrap_or(value.len());
        out.push_str(before);
        out.push('=');
        match secret_parameter(name) {
            Some(label) if end > 0 && !value.starts_with('‹') => {
                out.push_str(&show(label, &percent_decode_str(&value[..end]).decode_utf8_lossy()));
                rest = &value[end..];
            }
            _ => rest = value,
        }
    }
    out.push_str(rest);
    out
}

fn ends_value(character: char) -> bool {
    character.is_whitespace() || matches!(character, '&' | '#' | '"' | '\'' | '<' | '>' | ';' | ',' | ')')
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '~')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        let mut secrets = Secrets::default();
        secrets.register("token", "tok-1234567890ab");
        secrets.register("password", "pass phrase & more");
        secrets.redact(text, |label, value| format!("[{label} {}]", value.len()))
    }

    #[test]
    fn registered_values_are_replaced_wherever_they_stand() {
        assert_eq!(redacted("Bearer tok-1234567890ab"), "Bearer [token 16]");
        assert_eq!(redacted("{\"a\":\"tok-1234567890ab\"}"), "{\"a\":\"[token 16]\"}");
        assert_eq!(redacted("It was tok-1234567890ab."), "It was [token 16].");
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
