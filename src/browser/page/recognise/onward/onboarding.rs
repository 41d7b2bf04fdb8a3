//! A form that stands between the user and the app: a choice, a key to paste, the next step of a wizard.

use crate::browser::page::recognise::controls::matches_continue;
use crate::browser::page::recognise::foreground::{Foreground, names_klaviyo};
use crate::evidence::FieldKind;
use crate::lexicon::{Key, says};

/// Answers that a page offers which wants one of them chosen.
const MOST_ANSWERS: usize = 6;

/// The fields of such a form; none where the page has none, or where nothing in it is left open.
pub(in crate::browser::page::recognise) fn asks_for(foreground: &Foreground<'_>) -> Vec<usize> {
    if !names_klaviyo(&foreground.reading.text) {
        return Vec::new();
    }
    let goes_on = |form: usize| {
        foreground.controls().any(|(_, read)| read.form == Some(form) && matches_continue(&read.control.name))
    };
    let is_open = |form: usize| {
        foreground
            .fields()
            .any(|(_, read)| read.field.form == Some(form) && read.empty && read.field.kind != FieldKind::Checkbox)
    };
    let form =
        foreground.fields().filter_map(|(_, read)| read.field.form).find(|form| goes_on(*form) && is_open(*form));
    let Some(form) = form else { return Vec::new() };
    foreground.fields().filter(|(_, read)| read.field.form == Some(form)).map(|(index, _)| index).collect()
}

/// The first answer of a page that wants one of several chosen by a click.
pub(in crate::browser::page::recognise) fn choice(foreground: &Foreground<'_>) -> Option<usize> {
    let names = names_klaviyo(&foreground.reading.text);
    let asks = names && foreground.headings().next().is_some_and(|heading| says(&heading.text, Key::Choose));
    let answers = foreground.controls().count();
    let chooses = asks && (2..=MOST_ANSWERS).contains(&answers) && foreground.fields().next().is_none();
    foreground.controls().next().filter(|_| chooses).map(|(index, _)| index)
}
