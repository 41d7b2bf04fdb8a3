//! What a person can reach on a page.

use crate::browser::PageSnapshot;
use crate::browser::page::page_snapshot::{Heading, Part, ReadControl, ReadField, Reading};
use crate::evidence::Control;
use crate::lexicon::{Key, SENTENCE_ENDS, says};

/// Characters of the surroundings of a cookie banner's controls.
const LONGEST_BANNER: usize = 1500;

/// A page without what lies behind a dialog, and without a cookie banner.
#[derive(Debug)]
pub(super) struct Foreground<'a> {
    pub(super) reading: &'a Reading,
    /// The control that gets a cookie banner out of the way.
    pub(super) banner: Option<Part>,
    /// What the banner's controls stand in.
    banner_place: Option<u32>,
    /// The dialog that hides the page behind it.
    modal: Option<usize>,
}

impl<'a> Foreground<'a> {
    pub(super) fn of(reading: &'a Reading) -> Self {
        let banner = banner(reading);
        let place = banner.as_ref().map(|(_, place)| *place);
        let is_banner = |text: &str| says(text, Key::Cookies);
        let modal = reading.dialogs.iter().rposition(|dialog| dialog.modal && !is_banner(&dialog.text));
        Self { reading, banner: banner.map(|(part, _)| part), banner_place: place, modal }
    }

    /// The text of the dialog that hides the page.
    pub(super) fn dialog(&self) -> Option<&'a str> {
        self.modal.and_then(|modal| self.reading.dialogs.get(modal)).map(|dialog| dialog.text.as_str())
    }

    /// Controls that can be reached, with their indices, those of the page's own navigation among them.
    pub(super) fn reachable(&self) -> impl Iterator<Item = (usize, &'a ReadControl)> {
        let modal = self.modal;
        self.reading.controls.iter().enumerate().filter(move |(_, read)| modal.is_none() || read.dialog == modal)
    }

    /// Controls that can be reached, with their indices; not the page's own navigation.
    pub(super) fn controls(&self) -> impl Iterator<Item = (usize, &'a ReadControl)> {
        self.all_controls().filter(|(_, read)| self.modal.is_none() || read.dialog == self.modal)
    }

    /// The same, with those behind a dialog.
    pub(super) fn all_controls(&self) -> impl Iterator<Item = (usize, &'a ReadControl)> {
        let place = self.banner_place;
        self.reading.controls.iter().enumerate().filter(move |(_, read)| {
            let banners = place.is_some_and(|place| read.around.iter().any(|level| level.id == place));
            !read.control.in_navigation && !banners
        })
    }

    /// Fields that can be reached, with their indices; not those of the page's own navigation.
    pub(super) fn fields(&self) -> impl Iterator<Item = (usize, &'a ReadField)> {
        let modal = self.modal;
        self.reading
            .fields
            .iter()
            .enumerate()
            .filter(move |(_, read)| !read.in_navigation && (modal.is_none() || read.dialog == modal))
    }

    /// The page's own headings.
    pub(super) fn headings(&self) -> impl Iterator<Item = &'a Heading> {
        self.reading.outline.iter().filter(|heading| !heading.in_navigation && !says(&heading.text, Key::Cookies))
    }

    /// Messages that are no cookie banner.
    pub(super) fn alerts(&self) -> impl Iterator<Item = &'a str> {
        self.reading.alerts.iter().map(String::as_str).filter(|alert| !says(alert, Key::Cookies))
    }

    /// What the page says in sentences, its headings among them.
    pub(super) fn sentences(&self) -> impl Iterator<Item = &'a str> {
        let sentences = self.reading.prose.split_inclusive(SENTENCE_ENDS).map(str::trim);
        sentences.filter(|sentence| !sentence.is_empty() && !says(sentence, Key::Cookies))
    }
}

impl PageSnapshot {
    /// Whether a control lies behind a dialog that has to be closed first.
    pub fn is_behind(&self, control: usize) -> bool {
        self.behind.get(control).copied().unwrap_or(false)
    }

    /// Whether something of the page lies behind a dialog.
    pub fn is_behind_dialog(&self) -> bool {
        self.behind.contains(&true)
    }

    /// The first control for which `fits` holds, of those that can be reached; else the first behind a dialog.
    pub fn control(&self, fits: impl Fn(&Control) -> bool) -> Option<usize> {
        let fitting = || (0..self.page.controls.len()).filter(|at| fits(&self.page.controls[*at]));
        fitting().find(|at| !self.is_behind(*at)).or_else(|| fitting().next())
    }
}

/// For each control of a page, whether it lies behind a dialog.
pub(in crate::browser) fn behind_dialog(reading: &Reading) -> Vec<bool> {
    let mut behind = vec![true; reading.controls.len()];
    for (at, _) in Foreground::of(reading).reachable() {
        behind[at] = false;
    }
    behind
}

/// Whether a text names the app that all of this is about.
pub(super) fn names_klaviyo(text: &str) -> bool {
    text.to_lowercase().contains("klaviyo")
}

fn banner(reading: &Reading) -> Option<(Part, u32)> {
    let candidates = reading.controls.iter().enumerate().filter_map(|(index, read)| {
        let place = read.around.iter().find(|level| says(&level.text, Key::Cookies))?;
        (says(&read.control.name, Key::AcceptCookies) && place.text.len() < LONGEST_BANNER)
            .then_some((index, read, place))
    });
    // "Accept all" and "accept" alike: the shortest name says the least besides.
    let (control, read, place) = candidates.min_by_key(|(_, read, _)| read.control.name.chars().count())?;
    let why = format!("\"{}\" in a banner that asks for cookies", read.control.name);
    Some((Part { control, certainty: 90, why }, place.id))
}
