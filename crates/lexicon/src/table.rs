//! Each key's phrases of all languages, made ready once.

use std::sync::LazyLock;

use super::phrase::{Phrase, normalized};
use super::{Key, LANGUAGES, Language};

/// In the order of the keys.
static TABLE: LazyLock<Vec<Vec<Phrase>>> = LazyLock::new(|| {
    let read = |(_, text): &(&str, &str)| Language::read(text).expect("a test reads each language");
    let languages: Vec<Language> = LANGUAGES.iter().map(read).collect();
    let of_key = |key: &Key| {
        let mut written: Vec<&str> =
            languages.iter().flat_map(|language| language.phrases(*key)).map(String::as_str).collect();
        written.sort_unstable();
        written.dedup();
        written.into_iter().map(Phrase::new).collect()
    };
    Key::ALL.iter().map(of_key).collect()
});

/// Whether a text holds a phrase of a key, in any language.
pub fn says(text: &str, key: Key) -> bool {
    let text = normalized(text);
    of(key).iter().any(|phrase| phrase.is_in(&text))
}

/// Whether a word is a phrase of a key, as a whole.
pub fn lists(key: Key, word: &str) -> bool {
    let word = normalized(word);
    of(key).iter().any(|phrase| phrase.text == word)
}

/// A key's phrases of all languages, without asterisks.
pub fn phrases(key: Key) -> impl Iterator<Item = &'static str> {
    of(key).iter().map(|phrase| phrase.text.as_str())
}

/// How long the phrase of a key is, to the end of its last word, that a text begins with. The text is [`normalized`].
pub(super) fn begins_with(text: &str, key: Key) -> Option<usize> {
    of(key).iter().filter_map(|phrase| phrase.at_start_of(text)).max()
}

/// A text in lower case, with a blank in place of each phrase of a key, wherever it stands.
pub fn without(text: &str, key: Key) -> String {
    phrases(key)
        .fold(normalized(text), |text, phrase| if text.contains(phrase) { text.replace(phrase, " ") } else { text })
}

fn of(key: Key) -> &'static [Phrase] {
    &TABLE[key as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_phrases() {
        assert!(says("Log OUT", Key::SignOut) && !says("Log out", Key::SignIn));
        assert!(says("Der Code ist 123", Key::MailedCode) && says("認証コード", Key::MailedCode));
        assert!(Key::ALL.iter().all(|key| !of(*key).is_empty()));
    }

    #[test]
    fn words_are_compared_whole_and_phrases_taken_out() {
        assert!(lists(Key::AppWords, "L’intégration") && !lists(Key::AppWords, "integ"));
        assert!(phrases(Key::Remove).any(|phrase| phrase == "turn off"));
        assert!(!says(&without("No errors. Keine Fehler.", Key::NoError), Key::Error));
    }
}
