//! What `flowcheck.yaml` tells the browser of the app, and where that does not fit the app's pages: an override that finds nothing,
//! or one that is wanted.

use crate::browser::{BrowserError, Override, SiteAccess};
use crate::evidence::{Page, PageKind, PagePart, StepPhase};
use crate::runner::steps::install_flow::describe;
use crate::runner::world::world::World;
use crate::scenario::AppFile;

impl World {
    /// A step that cannot go on without a part of the page in front of the user.
    pub(in crate::runner) fn without(&mut self, part: PagePart, otherwise: &str) -> Result<StepPhase, BrowserError> {
        self.lacking(part, otherwise).map(StepPhase::Failed)
    }

    /// Why it cannot. Where `flowcheck.yaml` says how the part is found, and the page may well have it, the file is at fault; else
    /// what to write there is added to `otherwise`.
    pub(in crate::runner) fn lacking(&mut self, part: PagePart, otherwise: &str) -> Result<String, BrowserError> {
        let sight = self.seen()?;
        if !sight.is_missing(part) {
            return Ok(format!("{otherwise}; if it has, say how it is found: `{part}` in flowcheck.yaml"));
        }
        let page = &sight.page;
        let why = self.finds_nothing(part, page);
        if may_have(part, page) {
            self.config_mismatch = Some(why.clone());
        }
        Ok(why)
    }

    /// What to mend where there should be a login form and is none: overrides that find nothing, else what could be written.
    pub(in crate::runner) fn mend_login(&self) -> Result<String, BrowserError> {
        let sight = self.seen()?;
        let parts = [PagePart::LoginEmail, PagePart::LoginPassword, PagePart::LoginSubmit];
        let missing = parts.into_iter().filter(|part| sight.is_missing(*part));
        let missing: Vec<String> = missing.map(|part| self.finds_nothing(part, &sight.page)).collect();
        Ok(if missing.is_empty() {
            let [email, password, submit] = parts.map(|part| format!("`{part}`"));
            format!("if it has one, say how it is found: {email}, {password} and {submit} in flowcheck.yaml")
        } else {
            missing.join("\n")
        })
    }

    fn finds_nothing(&self, part: PagePart, page: &Page) -> String {
        let given = self.file.overrides.entries();
        let finder = given.into_iter().find(|(given, _)| *given == part).map(|(_, finder)| finder);
        let (line, how) = finder.map_or((0, String::new()), |finder| (finder.line, finder.value.in_words()));
        format!("{}:{line}: `{part}` finds nothing on {}: {how}", self.config, describe(page))
    }
}

/// The overrides of `flowcheck.yaml`, as the browser takes them.
pub(in crate::runner) fn overrides(file: &AppFile) -> Vec<Override> {
    let given = file.overrides.entries().into_iter();
    let given = given.map(|(part, finder)| {
        let finder = finder.value.clone();
        let (css, text, label, role, name) = (finder.css, finder.text, finder.label, finder.role, finder.name);
        Override { part, is: part.role(), css, text, label, role, name }
    });
    given.collect()
}

/// What lets people in to an app that is not public, at its address.
pub(in crate::runner) fn pass(file: &AppFile, address: &str) -> Option<SiteAccess> {
    let access = &file.access;
    let origin = address.parse().ok().filter(|_| !access.is_open())?;
    Some(SiteAccess {
        origin,
        headers: access.headers_to_send(),
        cookies: access.cookies.clone().into_iter().collect(),
    })
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
