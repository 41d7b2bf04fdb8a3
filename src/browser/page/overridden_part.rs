//! What the page reader found of a part that `flowcheck.yaml` says how to find.

use serde::Deserialize;

use crate::browser::BrowserError;
use crate::evidence::PagePart;

/// What the page reader found of one part.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::browser) struct OverriddenPart {
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

impl OverriddenPart {
    pub(in crate::browser) fn is_found(&self) -> bool {
        self.text.is_some()
    }

    /// Refuses a selector that is none.
    pub(in crate::browser) fn sound(&self) -> Result<(), BrowserError> {
        let Some(wrong) = &self.wrong else { return Ok(()) };
        Err(BrowserError::Selector { part: self.part, wrong: wrong.clone() })
    }
}
