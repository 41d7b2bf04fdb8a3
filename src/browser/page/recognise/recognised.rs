//! What a page may be, and how sure that is.

use crate::browser::page::page_snapshot::Parts;
use crate::evidence::{ErrorCause, Page, PageKind};

/// What a page was recognised as.
#[derive(Debug, Clone)]
pub(in crate::browser) struct Recognised {
    pub(in crate::browser) kind: PageKind,
    /// Percent.
    pub(in crate::browser) certainty: u8,
    pub(in crate::browser) why: Vec<String>,
    pub(in crate::browser) cause: Option<ErrorCause>,
    pub(in crate::browser) parts: Parts,
}

/// What one recogniser makes of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) kind: PageKind,
    /// Percent.
    pub(super) certainty: u8,
    pub(super) why: Vec<String>,
}

impl Guess {
    pub(super) fn new(kind: PageKind, certainty: u8, why: impl Into<String>) -> Self {
        Self { kind, certainty, why: vec![why.into()] }
    }

    pub(super) fn is_sure(&self) -> bool {
        self.certainty >= Page::SURE
    }
}
