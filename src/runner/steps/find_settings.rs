//! Finding where the app shows whether it is installed, where `flowcheck.yaml` does not say.
//!
//! As a person would: from the app's home along the links that promise it most.

use url::Url;

use crate::browser::{BrowserError, PageSnapshot, Part, leads_to_integrations, matches_sign_out};
use crate::evidence::{Page, PageKind, Purpose};
use crate::runner::world::world::World;

/// Pages after which a person gives up looking.
const MOST_PAGES: usize = 8;

impl World {
    /// Opens the page that was found, or looks for it first; the app's home, where there is none.
    pub(in crate::runner) async fn open_found_settings(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        if self.person().found_settings.is_none() {
            self.person_mut().found_settings = self.find_settings().await?;
        }
        let page = self.person().found_settings.clone();
        let address = page.unwrap_or_else(|| self.address(Some(self.file.home_page()), None));
        let shown = self.shows_state();
        self.open_signed_in(purpose, &address, shown).await
    }

    /// The address of the page that shows whether the app is installed.
    async fn find_settings(&mut self) -> Result<Option<String>, BrowserError> {
        let mut visited = Vec::new();
        let home = self.address(Some(self.file.home_page()), None);
        // How near it promises to be, and where it leads.
        let mut ahead = vec![(0, home)];
        while let Some(next) = nearest(&ahead).map(|at| ahead.remove(at).1) {
            if visited.len() == MOST_PAGES {
                break;
            }
            visited.push(bare(&next));
            let shown = self.shows_state();
            self.open_signed_in(Purpose::Prepare, &next, shown).await?;
            let sight = self.seen()?;
            if shows_it(sight) {
                return Ok(Some(sight.page.url.clone()));
            }
            visited.push(bare(&sight.page.url));
            let known =
                |link: &str| visited.contains(&bare(link)) || ahead.iter().any(|(_, other)| bare(other) == bare(link));
            let new: Vec<_> = links(&sight.page).into_iter().filter(|(_, link)| !known(link)).collect();
            ahead.extend(new);
        }
        Ok(None)
    }
}

/// Of those that promise the most, the one that was seen first.
fn nearest(ahead: &[(u8, String)]) -> Option<usize> {
    let most = ahead.iter().map(|(nearness, _)| *nearness).max()?;
    ahead.iter().position(|(nearness, _)| *nearness == most)
}

fn shows_it(sight: &PageSnapshot) -> bool {
    let tells = matches!(sight.page.kind, PageKind::Installed | PageKind::NotInstalled);
    let parts = &sight.parts;
    let sure = [&parts.connect, &parts.disconnect].into_iter().flatten().any(Part::is_sure);
    tells && sight.page.certainty >= Page::SURE && sure
}

/// Links of the app's own that promise to lead there.
fn links(page: &Page) -> Vec<(u8, String)> {
    let here = Url::parse(&page.url).ok();
    let own = |link: &str| {
        let link = Url::parse(link).ok();
        link.zip(here.as_ref()).is_some_and(|(link, here)| link.origin() == here.origin())
    };
    let promising = page.controls.iter().filter_map(|control| {
        let link = control.href.as_ref().filter(|link| own(link) && !matches_sign_out(&control.name))?;
        let words = Url::parse(link).ok()?.path().replace(['/', '-', '_'], " ");
        let nearness = leads_to_integrations(&control.name).max(leads_to_integrations(&words))?;
        Some((nearness, link.clone()))
    });
    promising.collect()
}

/// An address without what stands behind `#`, unless that is a page of a single-page app.
fn bare(address: &str) -> String {
    match address.split_once('#') {
        Some((before, after)) if !after.starts_with('/') && !after.starts_with('!') => before.to_owned(),
        _ => address.to_owned(),
    }
}
