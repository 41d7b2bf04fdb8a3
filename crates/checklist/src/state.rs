//! What a page shows of the installation, and whether that is sure.

use super::view::{At, place};
use super::{Finding, Verdict};
use flowcheck_evidence::{Evidence, Page, PageKind, clip};

/// Below this certainty a person must look.
const SURE: u8 = 60;

/// Characters of it that a failure quotes: the sentence around it must fit in two lines.
const SIGNS: usize = 60;

/// Whether a page surely is of this kind.
pub(super) fn shows(page: &Page, kind: PageKind) -> bool {
    page.kind == kind && page.certainty >= SURE
}

pub(super) fn is_unsure(page: &Page) -> bool {
    !shows(page, PageKind::Installed) && !shows(page, PageKind::NotInstalled)
}

/// What a page shows of the installation, in words: its control first, then what stands beside Klaviyo's name.
pub(super) fn signs(page: &Page) -> String {
    let signs: Vec<&str> = page.why.iter().rev().map(String::as_str).collect();
    clip(&signs.join(", "), SIGNS)
}

pub(super) fn review(expected: String, page: &At<'_, Page>, evidence: &Evidence) -> Verdict {
    let saw = format!(
        "{} could not be read for sure ({}, {} %): look at its picture",
        place(page.it, evidence),
        signs(page.it),
        page.it.certainty
    );
    Verdict::Review(Finding::app(expected, saw).at(page.seq))
}
