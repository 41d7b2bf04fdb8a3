//! Phrases that a negation takes back: "no account has been linked yet" says the opposite of "linked".

use super::Key;
use super::phrase::normalized;
use super::table::{begins_with, lists};

/// Words between a negation and what it negates.
const BETWEEN: usize = 6;

/// Whether a text negates a phrase of a key: in one clause, with nothing but [`Key::BesideNegation`] between them.
pub fn negates(text: &str, key: Key) -> bool {
    !negated(&normalized(text), key).is_empty()
}

/// A text in lower case, with a blank in place of each phrase of a key that it negates and of the negation.
pub fn without_negated(text: &str, key: Key) -> String {
    let text = normalized(text);
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for (begins, ends) in negated(&text, key) {
        // Of two negations of one phrase the first one counts.
        if begins >= at {
            left.push_str(&text[at..begins]);
            left.push(' ');
            at = ends;
        }
    }
    left + &text[at..]
}

/// Where negated phrases stand in a text that is [`normalized`], each from its negation to its end.
fn negated(text: &str, key: Key) -> Vec<(usize, usize)> {
    let words = words(text);
    let negations = words.iter().enumerate().filter(|(_, word)| lists(Key::Negation, word.1));
    negations.filter_map(|(at, word)| Some((word.0, end_of_negated(text, &words[at..], key)?))).collect()
}

/// Where the phrase ends that the first of these words negates.
fn end_of_negated(text: &str, words: &[(usize, &str)], key: Key) -> Option<usize> {
    for pair in words.windows(2).take(BETWEEN + 1) {
        let [(at, word), (next_at, next)] = *pair else { return None };
        if text[at + word.len()..next_at].contains(|sign: char| !sign.is_whitespace()) {
            return None;
        }
        if let Some(length) = begins_with(&text[next_at..], key) {
            return Some(next_at + length);
        }
        if !lists(Key::Negation, next) && !lists(Key::BesideNegation, next) {
            return None;
        }
    }
    None
}

/// The words of a text, each with where it stands.
fn words(text: &str) -> Vec<(usize, &str)> {
    let is_sign = |letter: char| !letter.is_alphanumeric() && letter != '\'';
    let pieces = text.split(is_sign).filter(|word| !word.is_empty());
    pieces.map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_participle_is_negated_across_small_words_in_every_language() {
        for text in [
            "No account linked yet",
            "No Klaviyo account has been connected",
            "Klaviyo isn’t linked yet",
            "This store hasn't been connected",
            "You have not yet linked a shop",
            "No longer connected",
            "Never activated",
            "Noch kein Konto verknüpft",
            "Klaviyo ist derzeit nicht mit Ihrem Konto verbunden",
            "Aucun compte relié",
            "Votre boutique n'est pas encore connectée",
            "Todavía no está conectada",
            "Ninguna cuenta vinculada",
            "Nenhuma conta foi vinculada",
            "Nessun account ancora collegato",
            "Er is nog geen account gekoppeld",
            "Nothing was installed",
            "Es wurde nichts installiert",
            "No se ha instalado nada: nada está instalado",
            "Rien n'a été installé",
            "Nulla è stato installato",
            "Er werd niets geïnstalleerd",
            "Nada foi instalado",
        ] {
            assert!(negates(text, Key::Installed), "{text}");
        }
    }

    #[test]
    fn a_negation_of_something_else_or_in_another_clause_negates_nothing() {
        for text in [
            "Linked to Harbour Bakery",
            "No reviews today Klaviyo Connected",
            "No worries, connected",
            "Not sure? Connected apps are listed below",
            "Do not close this window: Klaviyo is connected",
            "Connected. No account needed",
            "Nothing to do – active",
            "Keine Sorge, verbunden",
            "Pas de souci : connecté",
            "No hay avisos. Conectado",
            "Notified and linked",
        ] {
            assert!(!negates(text, Key::Installed), "{text}");
        }
    }

    #[test]
    fn what_is_negated_is_taken_out_with_its_negation() {
        for (text, left) in [
            ("No account linked yet. Ask us.", "  yet. ask us."),
            ("Klaviyo: not yet linked", "klaviyo:  "),
            ("Linked", "linked"),
            ("Pas de compte relié, aucun compte relié", " ,  "),
        ] {
            let seen = without_negated(text, Key::Installed);
            assert_eq!(seen.trim(), left.trim(), "{text}");
        }
    }
}
