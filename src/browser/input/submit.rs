//! Which control sends a form, where the form does not say so itself: by its words, as a person would tell.

use crate::browser::page::page_snapshot::{ReadControl, Reading};
use crate::browser::page::recognise::{matches_connect, matches_continue, matches_sign_in, matches_sign_up};
use crate::lexicon::{Key, says};

/// Finds what is missing.
pub(in crate::browser) fn find(reading: &mut Reading) {
    for form in 0..reading.submits.len() {
        if reading.submits[form].is_none() {
            reading.submits[form] = by_words(reading, form);
        }
    }
}

fn by_words(reading: &Reading, form: usize) -> Option<usize> {
    let own = || {
        let of_form = |read: &&ReadControl| read.form == Some(form) && !read.control.in_navigation;
        reading.controls.iter().enumerate().filter(move |(_, read)| of_form(read))
    };
    let matchers: [fn(&str) -> bool; 5] =
        [matches_continue, matches_sign_in, matches_sign_up, matches_connect, |name| says(name, Key::Choose)];
    let said = matchers.into_iter().find_map(|matches| own().find(|(_, read)| matches(&read.control.name)));
    let alone = || own().next().filter(|_| own().count() == 1);
    said.or_else(alone).map(|(index, _)| index)
}
