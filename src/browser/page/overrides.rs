//! Parts of the app's pages that are found as `flowcheck.yaml` says: how each is found goes to the page reader, and what it
//! found comes back with its reading.

use serde::{Deserialize, Serialize};

use crate::browser::{BrowserError, PageSnapshot};
use crate::evidence::{PagePart, PartRole};

/// How one part is found: by one of the ways, or by role and name.
#[derive(Debug, Clone, Serialize)]
pub struct Override {
    /// The part.
    pub part: PagePart,
    /// What it is, in a page.
    pub is: PartRole,
    /// A CSS selector.
    pub css: Option<String>,
    /// Text that it shows.
    pub text: Option<String>,
    /// The label of a form field.
    pub label: Option<String>,
    /// Its role.
    pub role: Option<String>,
    /// Its accessible name.
    pub name: Option<String>,
}

/// What the page reader found of one part.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::browser) struct Pointed {
    pub(in crate::browser) part: PagePart,
    /// An index into the page's controls.
    pub(in crate::browser) control: Option<usize>,
    /// An index into the page's fields.
    pub(in crate::browser) field: Option<usize>,
    /// What it shows, where it was found.
    pub(in crate::browser) text: Option<String>,
    /// What is wrong with its selector, in the browser's words.
    pub(in crate::browser) wrong: Option<String>,
}

impl Pointed {
    pub(in crate::browser) fn is_found(&self) -> bool {
        self.text.is_some()
    }

    /// Refuses a selector that is none.
    pub(in crate::browser) fn sound(&self) -> Result<(), BrowserError> {
        let Some(wrong) = &self.wrong else { return Ok(()) };
        Err(BrowserError::Selector { part: self.part, wrong: wrong.clone() })
    }
}

impl PageSnapshot {
    /// The control that a part is: where `flowcheck.yaml` says how it is found, that alone; else what `guess` finds.
    pub fn part(&self, part: PagePart, guess: impl FnOnce(&Self) -> Option<usize>) -> Option<usize> {
        match self.pointed(part) {
            Some(pointed) => pointed.control,
            None => guess(self),
        }
    }

    /// Whether `flowcheck.yaml` says how a part is found, and it is not on this page.
    pub fn is_missing(&self, part: PagePart) -> bool {
        self.pointed(part).is_some_and(|pointed| !pointed.is_found())
    }

    pub(in crate::browser) fn pointed(&self, part: PagePart) -> Option<&Pointed> {
        self.pointed.iter().find(|pointed| pointed.part == part)
    }
}
