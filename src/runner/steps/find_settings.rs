//! Finding where the app shows whether it is installed, where `flowcheck.yaml` does not say, and where it offers to connect.
//!
//! As a person would: from the app's home, and from the page where the installation ended, along the links, menus and tabs that
//! promise it most.

use url::Url;

use crate::browser::{BrowserError, PageSnapshot, Part, matches_sign_in};
use crate::evidence::{FieldKind, Page, PageKind, Purpose};
use crate::runner::world::person::Spot;
use crate::runner::world::step_context::StepContext;
use crate::scenario::Accounts;

/// Pages, menus and tabs after which a person gives up looking.
const MOST_PAGES: usize = 12;

impl StepContext<'_> {
    /// Opens the page that was found, or looks for it first; the app's home, where there is none.
    pub(in crate::runner) async fn open_found_settings(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        let starts = self.starts();
        if self.actor.person.found_settings.is_none() && self.actor.person.looked_from != starts {
            let found = self.search(&starts, shows_it).await?;
            let person = &mut self.actor.person;
            (person.found_settings, person.looked_from) = (found, starts);
        }
        let home = || Spot { address: self.world.address(Some(self.world.file.home_page()), None), clicks: Vec::new() };
        let spot = self.actor.person.found_settings.clone().unwrap_or_else(home);
        self.open_spot(purpose, &spot).await
    }

    /// Looks for the control that connects Klaviyo, from the app's home and the page where an installation ended. What is in front of
    /// the user then is the page that has it, if there is one.
    pub(in crate::runner) async fn find_connect(&mut self) -> Result<(), BrowserError> {
        let offers = |sight: &PageSnapshot| sight.parts.connect.as_ref().is_some_and(Part::is_sure);
        let starts = self.starts();
        self.search(&starts, |sight| offers(sight).then_some(true)).await.map(drop)
    }

    /// Notes the page where the installation ended, from which its state can be found again.
    pub(in crate::runner) fn note_landing(&mut self) {
        let Some(sight) = &self.actor.sight else { return };
        let path = |address: &str| address.split(['?', '#']).next().unwrap_or(address).to_owned();
        let landed = path(&sight.page.url);
        let places = self.world.app.placeholders();
        let is_callback =
            self.world.file.klaviyo.redirect_uris.iter().any(|uri| path(&places.fill(&uri.value)) == landed);
        if sight.page.kind.is_the_apps() && sight.page.kind != PageKind::Error && !is_callback {
            self.actor.person.landed = Some(landed);
        }
    }

    fn starts(&self) -> Vec<String> {
        let home = self.world.address(Some(self.world.file.home_page()), None);
        self.actor.person.landed.iter().cloned().chain([home]).collect()
    }

    /// The first place for which `wanted` is sure; else the first for which it has something.
    async fn search(
        &mut self,
        starts: &[String],
        wanted: impl Fn(&PageSnapshot) -> Option<bool>,
    ) -> Result<Option<Spot>, BrowserError> {
        let (mut visited, mut second) = (Vec::new(), None);
        // How near it promises to be, and where it is.
        let start = |address: &String| (4, Spot { address: address.clone(), clicks: Vec::new() });
        let mut ahead: Vec<(u8, Spot)> = starts.iter().map(start).collect();
        for _ in 0..MOST_PAGES {
            let Some(next) = nearest(&ahead).map(|at| ahead.remove(at).1) else { break };
            self.open_spot(Purpose::Prepare, &next).await?;
            let sight = self.actor.seen()?.clone();
            match wanted(&sight) {
                Some(true) => return Ok(Some(spot_of(&next, &sight))),
                Some(false) if second.is_none() => second = Some(spot_of(&next, &sight)),
                _ => {}
            }
            visited.push(next.clone());
            visited.push(spot_of(&next, &sight));
            for (nearness, spot) in ways(&sight, &next, self.world.file.accounts) {
                let same = |other: &Spot| bare(&other.address) == bare(&spot.address) && other.clicks == spot.clicks;
                if !visited.iter().any(same) && !ahead.iter().any(|(_, other)| same(other)) {
                    ahead.push((nearness, spot));
                }
            }
        }
        Ok(second)
    }

    async fn open_spot(&mut self, purpose: Purpose, spot: &Spot) -> Result<(), BrowserError> {
        let shown = self.shows_state();
        self.open_signed_in(purpose, &spot.address, &shown).await?;
        for name in &spot.clicks {
            let Some(control) = self.actor.seen()?.control(|control| control.name == *name) else { break };
            self.click(Purpose::Prepare, control).await?;
            self.rest(&shown).await?;
        }
        Ok(())
    }
}

/// Where a page is that was opened as a spot; by its own address, where a click led to another page.
fn spot_of(opened: &Spot, sight: &PageSnapshot) -> Spot {
    let moved = bare(&sight.page.url) != bare(&opened.address);
    if moved { Spot { address: sight.page.url.clone(), clicks: Vec::new() } } else { opened.clone() }
}

/// Of those that promise the most, the one that was seen first.
fn nearest(ahead: &[(u8, Spot)]) -> Option<usize> {
    let most = ahead.iter().map(|(nearness, _)| *nearness).max()?;
    ahead.iter().position(|(nearness, _)| *nearness == most)
}

/// Whether a page shows the state, with a control that changes it (true) or without.
fn shows_it(sight: &PageSnapshot) -> Option<bool> {
    let tells = matches!(sight.page.kind, PageKind::Installed | PageKind::NotInstalled);
    let parts = &sight.parts;
    let sure = [&parts.connect, &parts.disconnect].into_iter().flatten().any(Part::is_sure);
    (tells && sight.page.certainty >= Page::SURE).then_some(sure)
}

/// Ways on within the app: links by their address, menus and tabs as clicks. Where users are known by their Klaviyo account alone,
/// signing in is a way to connect.
fn ways(sight: &PageSnapshot, from: &Spot, accounts: Accounts) -> Vec<(u8, Spot)> {
    let here = Url::parse(&sight.page.url).ok();
    let own = |link: &str| {
        let link = Url::parse(link).ok();
        link.zip(here.as_ref()).is_some_and(|(link, here)| link.origin() == here.origin())
    };
    let way = |(nearness, control): &(u8, usize)| {
        let control = sight.page.controls.get(*control)?;
        let spot = match &control.href {
            Some(link) => own(link).then(|| Spot { address: link.clone(), clicks: Vec::new() })?,
            None => {
                Spot { clicks: [from.clicks.as_slice(), std::slice::from_ref(&control.name)].concat(), ..from.clone() }
            }
        };
        Some((*nearness, spot))
    };
    // Where a password is asked for, nobody gets in without one.
    let asks = sight.page.fields.iter().any(|field| field.kind == FieldKind::Password);
    let all = sight.page.controls.iter().enumerate().filter(|_| accounts == Accounts::Klaviyo && !asks);
    let to_sign_in = all.filter(|(_, control)| matches_sign_in(&control.name)).map(|(index, _)| (1, index));
    let promising = sight.parts.ways.to_integrations.iter().copied();
    promising.chain(to_sign_in).filter_map(|found| way(&found)).collect()
}

/// An address without what stands behind `#`, unless that is a page of a single-page app.
fn bare(address: &str) -> String {
    match address.split_once('#') {
        Some((before, after)) if !after.starts_with('/') && !after.starts_with('!') => before.to_owned(),
        _ => address.to_owned(),
    }
}
