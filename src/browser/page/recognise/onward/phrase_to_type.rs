//! The text that a page wants typed as it stands there, before it does what cannot be undone.

use crate::lexicon::{Key, phrases, says};

/// Characters of such a text.
const LONGEST: usize = 60;
/// Marks around it.
const QUOTES: [(char, char); 8] =
    [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('‘', '’'), ('\'', '\''), ('`', '`'), ('「', '」')];

/// The phrase that the labels of the fields ask for, or else the text around them; else what a field shows as its example.
pub(in crate::browser::page::recognise) fn phrase_to_type(labels: &[&str], text: &str) -> Option<String> {
    let mut asked = labels.iter().copied().chain(sentences(text)).filter(|sentence| says(sentence, Key::TypeIn));
    asked.find_map(asked_for).or_else(|| {
        let shouted = labels.iter().find(|label| is_shouted(label));
        shouted.map(|label| (*label).trim().to_owned())
    })
}

/// The phrase that a text asks to be typed, if it stands in quotation marks or in capitals.
pub fn marked_phrase(text: &str) -> Option<&str> {
    if says(text, Key::TypeIn) { quoted(text).or_else(|| shouted_word(text)) } else { None }
}

fn shouted_word(sentence: &str) -> Option<&str> {
    sentence.split_whitespace().map(bare).find(|word| is_shouted(word))
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', ':', '。']).map(str::trim)
}

/// What a sentence asks for: what it quotes, else what it shouts, else what follows its verb.
fn asked_for(sentence: &str) -> Option<String> {
    let found = quoted(sentence).or_else(|| shouted_word(sentence));
    let found = found.or_else(|| after_verb(sentence))?.trim();
    (!found.is_empty() && found.chars().count() <= LONGEST).then(|| found.to_owned())
}

/// What a text has in quotation marks.
pub fn quoted(sentence: &str) -> Option<&str> {
    QUOTES.iter().find_map(|(open, close)| {
        let (_, after) = sentence.split_once(*open)?;
        let (inside, _) = after.split_once(*close)?;
        (!inside.trim().is_empty()).then(|| inside.trim())
    })
}

/// Whether a text is in capitals: DISCONNECT.
fn is_shouted(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    letters >= 3
        && text.chars().all(|letter| !letter.is_lowercase())
        && text.chars().all(|letter| letter.is_alphanumeric() || " -_/".contains(letter))
}

/// The words between the verb and what follows the phrase: "type my-shop below".
fn after_verb(sentence: &str) -> Option<&str> {
    let lower = sentence.to_lowercase();
    if lower.len() != sentence.len() {
        return None;
    }
    let is_whole = |at: usize, end: usize| {
        let joins = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        !joins(lower[..at].chars().next_back()) && !joins(lower[end..].chars().next())
    };
    let ends = |verb: &str| {
        let mut found = lower.match_indices(verb).map(|(at, _)| (at, at + verb.len()));
        found.find(|(at, end)| is_whole(*at, *end)).map(|(_, end)| end)
    };
    let from = phrases(Key::TypeIn).filter_map(ends).min()?;
    let rest = &lower[from..];
    let to = phrases(Key::TypedUntil).filter_map(|end| rest.find(&format!(" {end}"))).min();
    // "to go ahead" begins as "to confirm" does.
    let begun = phrases(Key::TypedUntil).filter_map(|end| end.split_once(' '));
    let to = to.or_else(|| begun.filter_map(|(word, _)| rest.find(&format!(" {word} "))).min());
    Some(bare(&sentence[from..from + to.unwrap_or(rest.len())]))
}

fn bare(word: &str) -> &str {
    word.trim().trim_matches(['.', ',', ':', ';', '(', ')', '!', '?', '"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_quoted_shouted_or_follows_the_verb() {
        for (labels, text, phrase) in [
            (["Type DISCONNECT to confirm"].as_slice(), "", "DISCONNECT"),
            (&["Name of the shop"], "Remove Klaviyo. To confirm, type shop-of-ida below.", "shop-of-ida"),
            (&["Confirmation"], "Please enter “Ida's shop” to continue.", "Ida's shop"),
            (&["Bestätigung"], "Geben Sie TRENNEN ein.", "TRENNEN"),
            (&["Confirmación"], "Escriba DESCONECTAR para confirmar.", "DESCONECTAR"),
            (&["", "DELETE"], "This cannot be undone.", "DELETE"),
            (&[""], "Reviews will stop flowing. Type remove to go ahead.", "remove"),
            (&[""], "Please type disconnect to unlink your shop.", "disconnect"),
            (&[""], "Type Back to Basics to confirm.", "Back to Basics"),
            (&[""], "Enter klaviyo in the field to switch it off", "klaviyo"),
            (&[""], "Tapez délier pour continuer.", "délier"),
            (&[""], "Type the-shop", "the-shop"),
        ] {
            assert_eq!(phrase_to_type(labels, text).as_deref(), Some(phrase), "{labels:?} {text}");
        }
    }

    #[test]
    fn a_reason_is_no_phrase() {
        for labels in [["Why do you leave?"], ["Password"], ["Reason"]] {
            assert_eq!(phrase_to_type(&labels, "Disconnect Klaviyo. Your data is kept."), None, "{labels:?}");
        }
    }
}
