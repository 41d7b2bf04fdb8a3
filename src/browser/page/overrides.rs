//! Parts of the app's pages that are found as `flowcheck.yaml` says: how each is found goes to the page reader, and what it
//! found comes back with its reading, as a `OverriddenPart`.

use serde::Serialize;

use crate::browser::PageSnapshot;
use crate::browser::page::overridden_part::OverriddenPart;
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

impl PageSnapshot {
    /// The control that a part is: where `flowcheck.yaml` says how it is found, that alone; else what `recognised` finds.
    pub fn part(&self, part: PagePart, guess: impl FnOnce(&Self) -> Option<usize>) -> Option<usize> {
        match self.overridden(part) {
            Some(overridden) => overridden.control,
            None => guess(self),
        }
    }

    /// Whether `flowcheck.yaml` says how a part is found, and it is not on this page.
    pub fn is_missing(&self, part: PagePart) -> bool {
        self.overridden(part).is_some_and(|overridden| !overridden.is_found())
    }

    pub(in crate::browser) fn overridden(&self, part: PagePart) -> Option<&OverriddenPart> {
        self.overridden.iter().find(|overridden| overridden.part == part)
    }
}
