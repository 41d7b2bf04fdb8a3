//! A phrase, made ready to be found in texts.

use memchr::memmem::Finder;

/// A phrase, and whether words may begin or end beyond it.
#[derive(Debug)]
pub(super) struct Phrase {
    /// Without the asterisks.
    pub(super) text: String,
    finder: Finder<'static>,
    /// Whether it may begin within a word: `*mail`.
    begins_within: bool,
    /// Whether it may end within a word: `verbind*`.
    ends_within: bool,
}

impl Phrase {
    /// Makes ready a phrase as the data files write it.
    pub(super) fn new(written: &str) -> Self {
        let (text, begins_within) = written.strip_prefix('*').map_or((written, false), |rest| (rest, true));
        let (text, ends_within) = text.strip_suffix('*').map_or((text, false), |rest| (rest, true));
        Self { text: text.to_owned(), finder: Finder::new(text).into_owned(), begins_within, ends_within }
    }

    /// Whether it stands in a text that is [`normalized`].
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.finder.find_iter(text.as_bytes()).any(|at| {
            let (before, after) = (&text[..at], &text[at + self.text.len()..]);
            (self.begins_within || !is_one_word(before.chars().next_back(), self.text.chars().next()))
                && (self.ends_within || !is_one_word(self.text.chars().next_back(), after.chars().next()))
        })
    }

    /// Its length, to the end of its last word, where a text that is [`normalized`] begins with it.
    pub(super) fn at_start_of(&self, text: &str) -> Option<usize> {
        let after = text.strip_prefix(self.text.as_str())?;
        let last = self.text.chars().next_back();
        let end = after.find(|letter: char| !is_one_word(last, Some(letter))).unwrap_or(after.len());
        (self.ends_within || end == 0).then_some(self.text.len() + end)
    }
}

/// A text as phrases are written: in lower case, with straight apostrophes.
pub(super) fn normalized(text: &str) -> String {
    let text = text.to_lowercase();
    if text.contains('’') { text.replace('’', "'") } else { text }
}

/// Whether two letters side by side belong to one word.
fn is_one_word(one: Option<char>, next: Option<char>) -> bool {
    let spaced = |letter: char| letter.is_alphanumeric() && !('\u{3040}'..='\u{9fff}').contains(&letter);
    one.is_some_and(spaced) && next.is_some_and(spaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrase: &str, text: &str) -> bool {
        Phrase::new(phrase).is_in(&normalized(text))
    }

    #[test]
    fn words_are_found_whole_and_in_any_case() {
        assert!(found("denied", "You DENIED access.") && found("couldn't", "It couldn’t be done"));
        assert!(!found("denied", "undeniedly") && !found("denied", ""));
        assert!(found("no", "yes, no") && !found("no", "nowhere, piano") && found("no", "nowhere, no"));
    }

    #[test]
    fn a_phrase_at_the_start_reaches_to_the_end_of_its_word() {
        for (phrase, text, length) in [
            ("conect*", "conectada a", Some(9)),
            ("linked", "linked to", Some(6)),
            ("linked", "linkedin", None),
            ("linked", "is linked", None),
            ("it is on", "it is on.", Some(8)),
        ] {
            assert_eq!(Phrase::new(phrase).at_start_of(text), length, "{phrase} | {text}");
        }
    }

    #[test]
    fn an_asterisk_lets_a_phrase_begin_or_end_within_a_word() {
        assert!(found("verb*", "Nicht verbunden") && !found("verb*", "Proverb"));
        assert!(found("*mail", "E-Mail, Hotmail") && !found("*mail", "mailed"));
        assert!(found("*mail*", "hotmails"));
    }

    #[test]
    fn japanese_needs_no_spaces_and_latin_words_in_it_are_whole() {
        assert!(found("拒否", "アクセスが拒否されました") && found("klaviyo", "Klaviyoへ"));
        assert!(!found("klaviyo", "Klaviyos"));
    }
}
