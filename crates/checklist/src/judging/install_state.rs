//! What a page shows of the installation, and whether that is certain.

use flowcheck_evidence::{Page, PageKind, Setup, clip};

use crate::flow::{At, place};
use crate::verdict::{Finding, Statement, Value, Verdict, statement};

/// Characters of it that a failure quotes: the sentence around it must fit in two lines.
const SIGNS: usize = 60;

/// Whether a page certainly is of this kind.
pub(crate) fn shows(page: &Page, kind: PageKind) -> bool {
    page.kind == kind && page.certainty >= Page::SURE
}

/// Whether a page shows neither an installation nor that there is none for certain.
pub(crate) fn is_unsure(page: &Page) -> bool {
    !shows(page, PageKind::Installed) && !shows(page, PageKind::NotInstalled)
}

/// What a page shows of the installation, in words: its control first, then the text beside Klaviyo's name.
pub(crate) fn signs(page: &Page) -> Value {
    let signs: Vec<&str> = page.why.iter().rev().map(String::as_str).collect();
    Value::text(clip(&signs.join(", "), SIGNS))
}

/// Left to a person, because a page could not be read for certain.
pub(crate) fn review(expected: impl Into<Statement>, page: &At<'_, Page>, setup: &Setup) -> Verdict {
    let saw = statement!(
        "{page} could not be read for sure ({signs}, {certainty} %): look at its picture",
        page = place(page.it, setup),
        signs = signs(page.it),
        certainty = u32::from(page.it.certainty)
    );
    Verdict::Review(Finding::app(expected, saw).at(page.seq))
}

/// Whether Klaviyo's integrations page lists the app.
pub(crate) fn lists_app(page: &Page, setup: &Setup) -> bool {
    let name = &setup.app.name;
    page.controls.iter().any(|control| control.name.starts_with("Uninstall") && control.near.contains(name))
}
