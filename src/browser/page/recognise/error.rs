//! Error messages, and their causes.

use super::controls::matches_disconnect;
use super::error_cause::cause_named_in;
use super::foreground::{Foreground, names_klaviyo};
use super::recognised::Guess;
use crate::evidence::{ErrorCause, PageKind};
use crate::lexicon::{Key, says, without};

/// Percent of certainty from which on a message or a heading tells of the error, not the words alone.
pub(super) const TOLD: u8 = 85;
/// Characters of a page that says nothing else.
const SHORT: usize = 350;
/// The same, where its heading speaks of the error.
const HEADED: usize = 800;
/// Headings of a page that is one message; help pages have more.
const FEW: usize = 3;

/// The error that a page tells of, with its cause. On a page that shows the app installed, a message is about that only where it names
/// Klaviyo: "Some orders failed to sync" says how the app's other business stands.
pub(super) fn error(foreground: &Foreground<'_>, shows_installed: bool) -> Option<(Guess, ErrorCause)> {
    let guess = |certainty, why: String| Guess::new(PageKind::Error, certainty, why);
    let whole = || {
        let headings = foreground.headings().map(|heading| heading.text.as_str());
        headings.chain(foreground.alerts()).chain(foreground.sentences()).collect::<Vec<_>>().join(" ")
    };
    if let Some(status) = foreground.reading.status.filter(|status| *status >= 400) {
        return Some((guess(90, format!("status {status}")), cause_named_in(&whole())));
    }
    let is_about_it = |text: &&str| !shows_installed || foreground.dialog() == Some(*text) || names_klaviyo(text);
    let messages = foreground.dialog().into_iter().chain(foreground.alerts()).filter(is_about_it);
    if let Some(message) = messages.filter(|text| !is_a_question(foreground, text)).find(|text| speaks_of_error(text)) {
        return Some((guess(90, format!("a message: \"{message}\"")), cause_named_in(message)));
    }
    if shows_installed || foreground.fields().next().is_some() || foreground.dialog().is_some() {
        return None;
    }
    let length: usize = foreground.sentences().map(|sentence| sentence.chars().count()).sum();
    let is_one = foreground.headings().count() <= FEW && length < HEADED;
    let heading = foreground
        .headings()
        .map(|heading| heading.text.as_str())
        .find(|text| speaks_of_error(text) && !text.ends_with(['?', '？']) && is_one);
    if let Some(heading) = heading {
        return Some((guess(TOLD, format!("a heading: \"{heading}\"")), cause_named_in(&whole())));
    }
    if length >= SHORT || foreground.controls().count() > 4 {
        return None;
    }
    let sentence = foreground.sentences().find(|sentence| speaks_of_error(sentence))?;
    Some((
        guess(75, format!("a short text that speaks of something going wrong: \"{sentence}\"")),
        cause_named_in(&whole()),
    ))
}

/// Whether a dialog asks before it does something, and tells of nothing that went wrong.
fn is_a_question(foreground: &Foreground<'_>, text: &str) -> bool {
    foreground.dialog() == Some(text) && foreground.controls().any(|(_, read)| matches_disconnect(&read.control.name))
}

/// Whether a text speaks of something that went wrong.
fn speaks_of_error(text: &str) -> bool {
    says(&without(text, Key::NoError), Key::Error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_from_their_absence() {
        for text in [
            "Something went wrong",
            "Klaviyo konnte nicht verbunden werden",
            "Your session is no longer valid",
            "Qualcosa è andato storto",
            "Non siamo riusciti a collegare Klaviyo",
            "L'installazione non è riuscita",
            "Er is iets misgegaan",
            "Het koppelen is mislukt",
            "We konden Klaviyo niet verbinden",
        ] {
            assert!(speaks_of_error(text), "{text}");
        }
        for text in [
            "No errors today. This can't be undone.",
            "The app was uninstalled in Klaviyo. Points are no longer sent there.",
            "Nessun errore oggi. L'azione non può essere annullata.",
            "Recensioni negative",
            "Geen fouten gevonden. Dit kan niet ongedaan worden gemaakt.",
            "Klaviyo is losgekoppeld.",
        ] {
            assert!(!speaks_of_error(text), "{text}");
        }
    }
}
