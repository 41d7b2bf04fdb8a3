//! Where `flowcheck.yaml` does not fit the app's pages: an override that matches nothing, or one that is missing.

use crate::browser::{BrowserError, PageSnapshot, Part};
use crate::evidence::{Page, PageKind, PagePart, PageRef, StepProblem, UnmatchedOverride};
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;
use crate::runner::world::world::World;

/// Why it is not certain that a page lacks a control: one was found that may be it, or the page is in a language of which flowcheck knows
/// no words.
pub(in crate::runner) fn doubt(snapshot: &PageSnapshot, found: Option<&Part>) -> Option<String> {
    let foreign = || {
        let language = snapshot.parts.foreign.as_ref()?;
        Some(format!("the page is in a language of which flowcheck has no words (\"{language}\")"))
    };
    found.map(|part| part.why.clone()).or_else(foreign)
}

impl StepContext<'_> {
    /// Fails a step that needs a part which the page in front of the user lacks. Where `flowcheck.yaml` says how it is found, and the page may well have it, the file is at fault.
    pub(in crate::runner) fn lacking(
        &mut self,
        part: PagePart,
        page: Option<PageRef>,
        doubt: Option<String>,
    ) -> StepError {
        let snapshot = match self.actor.seen() {
            Ok(snapshot) => snapshot,
            Err(error) => return error.into(),
        };
        if !snapshot.is_missing(part) {
            return StepProblem::PartNotFound { part, page, doubt }.into();
        }
        let unmatched = StepProblem::OverrideMatchesNothing(self.world.unmatched(part, &snapshot.page));
        if may_have(part, &snapshot.page) {
            self.world.config_mismatch = Some(unmatched.clone());
        }
        unmatched.into()
    }

    /// The overrides of the login form that match nothing on the page in front of the user.
    pub(in crate::runner) fn unmatched_login_overrides(&self) -> Result<Vec<UnmatchedOverride>, BrowserError> {
        let snapshot = self.actor.seen()?;
        let parts = [PagePart::LoginEmail, PagePart::LoginPassword, PagePart::LoginSubmit];
        let missing = parts.into_iter().filter(|part| snapshot.is_missing(*part));
        Ok(missing.map(|part| self.world.unmatched(part, &snapshot.page)).collect())
    }
}

impl World {
    fn unmatched(&self, part: PagePart, page: &Page) -> UnmatchedOverride {
        let given = self.file.overrides.entries();
        let finder = given.into_iter().find(|(given, _)| *given == part).map(|(_, finder)| finder);
        let (line, finder) = finder.map_or((0, String::new()), |finder| (finder.line, finder.value.in_words()));
        UnmatchedOverride { part, file: self.config.clone(), line, finder, page: PageRef::of(page) }
    }
}

/// Whether a page is none that surely lacks a part.
fn may_have(part: PagePart, page: &Page) -> bool {
    let unlikely = match (part, page.kind) {
        (PagePart::Dismiss, PageKind::Error) | (PagePart::SignUpLink, PageKind::Login) => false,
        (PagePart::Connect, PageKind::Installed)
        | (PagePart::Disconnect | PagePart::Confirm, PageKind::NotInstalled)
        | (
            _,
            PageKind::Error
            | PageKind::BrowserError
            | PageKind::Blank
            | PageKind::Login
            | PageKind::SignUp
            | PageKind::TenantChoice,
        ) => true,
        _ => false,
    };
    !(unlikely && page.certainty >= Page::SURE)
}
