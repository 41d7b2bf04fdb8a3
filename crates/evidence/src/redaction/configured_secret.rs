//! Secrets that are known before anything is recorded, found in every form by one search.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};

use crate::redaction::encodings::{Form, basic};
use crate::redaction::registered::Registered;
use crate::redaction::word::{SHORTEST_SEARCHED, is_word};

/// Bytes of a form that the search is for; the rest is compared where they are found. So there is little to build and to keep.
const HEAD: usize = 8;
/// Shorter secrets, in bytes, are not looked for as hexadecimal digits and Base64: too much would match. As a part of Basic
/// credentials they are.
const SHORTEST_PACKED: usize = 4;

/// A secret that is known before anything is recorded: from `flowcheck.yaml`, its environment, or a command's arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredSecret {
    /// What stands in its place.
    pub(crate) label: &'static str,
    /// The secret itself.
    pub(crate) value: String,
    /// Who shows it as HTTP's Basic credentials.
    user: Option<String>,
}

/// The secrets that are configured, and how they are found.
#[derive(Debug, Default)]
pub(crate) struct Configured {
    /// As they are, each once, with what stands in their place.
    secrets: Vec<(ConfiguredSecret, Registered)>,
    /// The longest first.
    written: Vec<Written>,
    searcher: Option<AhoCorasick>,
    shortest: Option<usize>,
}

/// A secret in one of its forms.
#[derive(Debug, Clone)]
struct Written {
    text: String,
    how: How,
    registered: Registered,
}

/// Where a form counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// Wherever it stands.
    Anywhere,
    /// As a word of its own: `test` is not replaced in "latest", nor in "test-shop.example".
    Word,
    /// Wherever it stands, with a character on either side, which a part of it may be in.
    Base64,
}

impl ConfiguredSecret {
    /// A secret, and what is shown in its place.
    pub fn new(label: &'static str, value: impl Into<String>) -> Self {
        Self { label, value: value.into(), user: None }
    }

    /// The same, of this user or client.
    pub fn of(self, user: impl Into<String>) -> Self {
        Self { user: Some(user.into()), ..self }
    }
}

impl Configured {
    /// Adds a secret, which is found from the next [`build`](Self::build) on. Whether it was not there. Of equal forms the first stays.
    pub(crate) fn add(&mut self, secret: &ConfiguredSecret, registered: Registered) -> bool {
        let is_known =
            |(known, _): &(ConfiguredSecret, Registered)| known.value == secret.value && known.user == secret.user;
        if self.secrets.iter().any(is_known) {
            return false;
        }
        let registered = self.get(&secret.value).copied().unwrap_or(registered);
        let value = secret.value.as_str();
        let by_length = if value.len() < SHORTEST_SEARCHED { How::Word } else { How::Anywhere };
        for form in Form::ALL {
            let how = match form {
                _ if form.is_packed() && value.len() < SHORTEST_PACKED => continue,
                Form::Base64 | Form::Base64Url => How::Base64,
                Form::Hex => How::Anywhere,
                _ => by_length,
            };
            self.written.extend(form.of(value).into_iter().map(|text| Written { text, how, registered }));
        }
        let pairs = secret.user.iter().flat_map(|user| basic(user, value));
        self.written.extend(pairs.map(|text| Written { text, how: How::Base64, registered }));
        self.secrets.push((secret.clone(), registered));
        true
    }

    /// Makes all that was added to be found.
    pub(crate) fn build(&mut self) {
        self.written.sort_by(|one, other| (other.text.len(), &one.text).cmp(&(one.text.len(), &other.text)));
        self.written.dedup_by(|later, first| later.text == first.text);
        let mut heads: Vec<&[u8]> = self.written.iter().map(|written| head(&written.text)).collect();
        heads.sort_unstable();
        heads.dedup();
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::LeftmostFirst).kind(Some(AhoCorasickKind::DFA));
        let built = builder.build(heads);
        self.searcher =
            Some(built.unwrap_or_else(|error| unreachable!("a few short patterns are searchable: {error}")));
        self.shortest = self.written.last().map(|written| written.text.len());
    }

    /// What stands in the place of this secret.
    pub(crate) fn get(&self, value: &str) -> Option<&Registered> {
        self.secrets.iter().find(|(secret, _)| secret.value == value).map(|(_, registered)| registered)
    }

    /// The secrets that are no single words and stand in a text as they are.
    pub(crate) fn phrases_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (&'a str, Registered)> {
        let long = self.secrets.iter().map(|(secret, registered)| (secret.value.as_str(), *registered));
        let long = long.filter(|(value, _)| value.len() >= SHORTEST_SEARCHED && !value.bytes().all(is_word));
        long.filter(move |(value, _)| text.contains(value))
    }

    /// Bytes of the shortest form, where there is one.
    pub(crate) fn shortest(&self) -> Option<usize> {
        self.shortest
    }

    /// The first secret that stands in a text from `at` on: what is to be replaced, and by what.
    pub(crate) fn find(&self, text: &str, mut at: usize) -> Option<(Range<usize>, Registered)> {
        let searcher = self.searcher.as_ref()?;
        loop {
            let start = searcher.find(Input::new(text).range(at..))?.start();
            let rest = &text.as_bytes()[start..];
            let fits = |one: &&Written| rest.starts_with(one.text.as_bytes()) && one.counts_at(text, start);
            if let Some(written) = self.written.iter().find(fits) {
                return Some((written.span(text, start), written.registered));
            }
            at = start + 1;
        }
    }
}

impl Written {
    /// Whether this form, which stands in `text` at `start`, is not merely a part of a longer word.
    fn counts_at(&self, text: &str, start: usize) -> bool {
        if self.how != How::Word {
            return true;
        }
        let (before, after) = (&text[..start], &text[start + self.text.len()..]);
        let begins = !self.text.starts_with(is_letter) || !ends_within_word(before);
        begins && (!self.text.ends_with(is_letter) || !after.trim_start_matches(JOINS).starts_with(is_letter))
    }

    fn span(&self, text: &str, start: usize) -> Range<usize> {
        let (mut start, mut end) = (start, start + self.text.len());
        if self.how == How::Base64 {
            let bytes = text.as_bytes();
            start -= usize::from(start > 0 && is_base64(bytes[start - 1]));
            end += usize::from(bytes.get(end).is_some_and(|byte| is_base64(*byte)));
            end += bytes[end..].iter().take_while(|byte| **byte == b'=').count();
        }
        start..end
    }
}

fn head(text: &str) -> &[u8] {
    &text.as_bytes()[..text.len().min(HEAD)]
}

/// What joins words to longer ones, as in names of hosts, files and variables.
const JOINS: [char; 4] = ['-', '_', '.', '~'];

/// Letters and digits, but for writing that has no spaces between words.
fn is_letter(one: char) -> bool {
    one.is_alphanumeric() && !('\u{3040}'..='\u{9fff}').contains(&one)
}

/// Whether a word that follows would be a part of a longer one. What an escape ends in is no letter: `%22`, `=3D`, `\n`, `\u0022`.
fn ends_within_word(before: &str) -> bool {
    let before = before.trim_end_matches(JOINS);
    let is_escape = match before.as_bytes() {
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] => true,
        [.., b'\\', b'u', one, two, three, four] => {
            [one, two, three, four].iter().all(|digit| digit.is_ascii_hexdigit())
        }
        [.., b'%' | b'=', one, two] => one.is_ascii_hexdigit() && two.is_ascii_hexdigit(),
        _ => false,
    };
    !is_escape && before.ends_with(is_letter)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redaction::redact::Secrets;

    const PAIR: [&str; 2] = ["test", "p@ss phrase/2"];

    /// The text with both secrets replaced by their number.
    fn redacted(text: &str) -> String {
        let mut secrets = Secrets::new(b"a key", false);
        secrets.configure(&[ConfiguredSecret::new("one", PAIR[0]).of("id"), ConfiguredSecret::new("two", PAIR[1])]);
        let mut text = secrets.redact(text).into_owned();
        for (label, secret) in [("one", PAIR[0]), ("two", PAIR[1])] {
            text = text.replace(&format!("‹{label} {}›", secrets.sign(secret)), &format!("[{label}]"));
        }
        text
    }

    #[test]
    fn a_short_secret_is_replaced_as_a_word_of_its_own() {
        for (text, expected) in [
            ("test", "[one]"),
            ("id:test", "id:[one]"),
            ("the password is test.", "the password is [one]."),
            ("--password=test --retry", "--password=[one] --retry"),
            (r#"{"password":"test"}"#, r#"{"password":"[one]"}"#),
            (r#"{\"password\":\"test\"}"#, r#"{\"password\":\"[one]\"}"#),
            ("%7B%22a%22%3A%22test%22", "%7B%22a%22%3A%22[one]%22"),
            (r"\u0022test\u0022", r"\u0022[one]\u0022"),
            (r"a line\ntest\n", r"a line\n[one]\n"),
            ("secret=3Dtest", "secret=3D[one]"),
            ("&quot;test&quot;", "&quot;[one]&quot;"),
            ("パスワードはtestです", "パスワードは[one]です"),
            ("_test_", "_[one]_"),
        ] {
            assert_eq!(redacted(text), expected);
        }
    }

    #[test]
    fn a_short_secret_leaves_longer_words_alone() {
        for text in [
            "latest",
            "tests",
            "Test",
            "TEST",
            "test-shop.example",
            "a-test",
            "test.html",
            "my_test_shop",
            "contesté",
            "testé",
            "http://test.example:3000/",
            "tes t",
            "testing 1, 2",
        ] {
            assert_eq!(redacted(text), text);
        }
    }

    #[test]
    fn a_short_secret_is_replaced_within_hexadecimal_digits_and_base64() {
        assert_eq!(redacted("x74657374y 746573747"), "x[one]y [one]7");
        assert_eq!(redacted("Basic aWQ6dGVzdA=="), "Basic [one]");
        assert_eq!(redacted("eyJwIjoidGVzdCJ9"), "eyJwIjo[one]J9");
    }

    #[test]
    fn a_long_secret_is_replaced_wherever_it_stands() {
        assert_eq!(redacted("xp@ss phrase/2x"), "x[two]x");
        assert_eq!(redacted("ap%40ss+phrase%2F2&b=p%40ss%20phrase%2f2"), "a[two]&b=[two]");
        assert_eq!(redacted("p@ss phrase/"), "p@ss phrase/");
    }

    #[test]
    fn what_was_replaced_stays_as_it_is() {
        let secrets = &mut Secrets::new(b"a key", false);
        secrets.configure(&[ConfiguredSecret::new("password", "password"), ConfiguredSecret::new("token", "code")]);
        for text in ["password=password&code=code&state=code", "the password: ‹password password›", "state=a‹b c&d"]
        {
            let once = secrets.redact(text).into_owned();
            assert_eq!(secrets.redact(&once), once, "{text}");
        }
        assert!(!secrets.redact("‹code password 000000000000›").contains("code password"));
        assert_eq!(secrets.redact("password=password").matches("password").count(), 2);
    }

    #[test]
    fn a_parameter_that_a_secret_is_a_part_of_is_replaced_whole() {
        for text in ["state=test:more", "state=more:test:more", "state=more:test"] {
            let shown = redacted(text);
            assert!(shown.starts_with("state=‹state ") && shown.ends_with('›') && !shown.contains("more"), "{shown}");
        }
        assert_eq!(redacted("password=p@ss phrase/2&x"), "password=[two]&x");
        assert_eq!(redacted("state=test"), "state=[one]");
    }
}
