//! Messages that want nothing but to be read, or to go on.

use super::foreground::Foreground;
use super::recognised::Guess;
use crate::evidence::{ControlRole, PageKind};
use crate::lexicon::{Key, says};

/// Characters of a page that says nothing else.
const SHORT: usize = 400;
/// Buttons, and links, of such a page.
const FEW_BUTTONS: usize = 2;
const FEW_LINKS: usize = 6;

/// The notice that a page is.
pub(super) fn notice(foreground: &Foreground<'_>) -> Option<Guess> {
    let length: usize = foreground.sentences().map(|sentence| sentence.chars().count()).sum();
    let count = |role| foreground.controls().filter(|(_, read)| read.control.role == role).count();
    let asks = foreground.sentences().any(|sentence| sentence.ends_with(['?', '？']));
    if asks
        || length > SHORT
        || foreground.fields().next().is_some()
        || count(ControlRole::Button) > FEW_BUTTONS
        || count(ControlRole::Link) > FEW_LINKS
    {
        return None;
    }
    let headings = foreground.headings().map(|heading| heading.text.as_str());
    let message = headings.chain(foreground.sentences()).find(|text| says(text, Key::Notice))?;
    Some(Guess::new(PageKind::Notice, 70, format!("a message: \"{message}\"")))
}
