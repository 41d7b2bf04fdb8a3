//! Opening the app's settings; finding where the app shows whether it is installed, where `flowcheck.yaml` does not say, and where it
//! offers to connect.
//!
//! It is looked for as a person would: from the app's home, and from the page where the installation ended, along the links, menus and
//! tabs that promise it most.

use url::Url;

use crate::browser::{BrowserError, PageSnapshot, Part, matches_sign_in};
use crate::evidence::{FieldKind, Page, PageKind, Purpose, Tenancy};
use crate::runner::steps::on_heap::on_heap;
use crate::runner::world::person::AppLocation;
use crate::runner::world::step_context::StepContext;
use crate::scenario::Accounts;

/// Pages, menus and tabs after which a person gives up looking.
const MOST_PAGES: usize = 12;

impl StepContext<'_> {
    /// Opens the app's settings, of the tenant acted for; logs in where the app asks for it.
    pub(in crate::runner) async fn open_settings(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        let tenant = self.actor.person.tenants.first().map(|tenant| tenant.key().to_owned());
        self.open_settings_of(purpose, tenant.as_deref()).await
    }

    pub(in crate::runner) async fn open_settings_of(
        &mut self,
        purpose: Purpose,
        tenant: Option<&str>,
    ) -> Result<(), BrowserError> {
        if self.world.file.pages.settings.is_none() {
            return self.open_found_settings(purpose).await;
        }
        // Someone who has just signed up has no tenant that flowcheck.yaml could name; the app's home leads on.
        let settings =
            self.world.file.pages.settings.clone().filter(|page| tenant.is_some() || !page.contains("{tenant}"));
        let page = settings.unwrap_or_else(|| self.world.file.home_page().to_owned());
        let address = self.world.address(Some(&page), tenant);
        let shown = self.shows_state();
        self.open_signed_in(purpose, &address, shown).await
    }

    /// Tells a page that shows what the app should show by now, or wants a login first.
    pub(in crate::runner) fn shows_state(&self) -> impl Fn(&PageSnapshot) -> bool + use<> {
        let wanted = if self.actor.person.should_be_installed { PageKind::Installed } else { PageKind::NotInstalled };
        move |snapshot: &PageSnapshot| {
            snapshot.page.kind == PageKind::Login
                || snapshot.page.kind == wanted && snapshot.page.certainty >= Page::CLEAR
        }
    }

    /// Opens a page of the app; logs in where the app asks for it.
    pub(in crate::runner) async fn open_signed_in(
        &mut self,
        purpose: Purpose,
        address: &str,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<(), BrowserError> {
        self.open(purpose, address).await?;
        let mut kind = self.await_page_behind_interruptions(&enough).await?.kind;
        // With one tenant for each user there is nothing to choose once somebody is signed in.
        if self.world.file.tenancy == Tenancy::Single && on_heap(|| self.name_tenant_before_login()).await? {
            kind = self.actor.seen()?.page.kind;
        }
        if kind == PageKind::Login && self.actor.person.registered {
            self.log_in_to_the_end(Purpose::Prepare, &enough).await?;
            let is_there = self.actor.seen()?.page.url.split('?').next() == address.split('?').next();
            if !is_there {
                self.open(Purpose::Prepare, address).await?;
            }
            if !is_there || self.actor.seen()?.parts.interruption.is_some() {
                self.await_page_behind_interruptions(&enough).await?;
            }
        }
        Ok(())
    }

    /// Opens the page that was found, or looks for it first; the app's home, where there is none.
    pub(in crate::runner) async fn open_found_settings(&mut self, purpose: Purpose) -> Result<(), BrowserError> {
        let start_pages = self.start_pages();
        if self.actor.person.found_settings.is_none() && self.actor.person.looked_from != start_pages {
            let found = self.search(&start_pages, shows_it).await?;
            let person = &mut self.actor.person;
            (person.found_settings, person.looked_from) = (found, start_pages);
        }
        let home =
            || AppLocation { address: self.world.address(Some(self.world.file.home_page()), None), clicks: Vec::new() };
        let location = self.actor.person.found_settings.clone().unwrap_or_else(home);
        self.open_location(purpose, &location).await
    }

    /// Looks for the control that connects Klaviyo, from the app's home and the page where an installation ended. What is in front of
    /// the user then is the page that has it, if there is one.
    pub(in crate::runner) async fn find_connect(&mut self) -> Result<(), BrowserError> {
        let offers = |snapshot: &PageSnapshot| snapshot.parts.connect.as_ref().is_some_and(Part::is_sure);
        let start_pages = self.start_pages();
        self.search(&start_pages, |snapshot| offers(snapshot).then_some(true)).await.map(drop)
    }

    /// Notes the page where the installation ended, from which its state can be found again.
    pub(in crate::runner) fn note_landing(&mut self) {
        let Some(snapshot) = &self.actor.snapshot else { return };
        let path = |address: &str| address.split(['?', '#']).next().unwrap_or(address).to_owned();
        let landed = path(&snapshot.page.url);
        let placeholders = self.world.app.placeholders();
        let is_callback =
            self.world.file.klaviyo.redirect_uris.iter().any(|uri| path(&placeholders.fill(&uri.value)) == landed);
        if snapshot.page.kind.is_the_apps() && snapshot.page.kind != PageKind::Error && !is_callback {
            self.actor.person.landed = Some(landed);
        }
    }

    fn start_pages(&self) -> Vec<String> {
        let home = self.world.address(Some(self.world.file.home_page()), None);
        self.actor.person.landed.iter().cloned().chain([home]).collect()
    }

    /// The first place for which `wanted` is sure; else the first for which it has something.
    async fn search(
        &mut self,
        start_pages: &[String],
        wanted: impl Fn(&PageSnapshot) -> Option<bool>,
    ) -> Result<Option<AppLocation>, BrowserError> {
        let (mut visited, mut fallback) = (Vec::new(), None);
        // How near it promises to be, and where it is.
        let start = |address: &String| (4, AppLocation { address: address.clone(), clicks: Vec::new() });
        let mut candidates: Vec<(u8, AppLocation)> = start_pages.iter().map(start).collect();
        for _ in 0..MOST_PAGES {
            let Some(next) = nearest(&candidates).map(|at| candidates.remove(at).1) else { break };
            self.open_location(Purpose::Prepare, &next).await?;
            let snapshot = self.actor.seen()?.clone();
            match wanted(&snapshot) {
                Some(true) => return Ok(Some(location_of(&next, &snapshot))),
                Some(false) if fallback.is_none() => fallback = Some(location_of(&next, &snapshot)),
                _ => {}
            }
            visited.push(next.clone());
            visited.push(location_of(&next, &snapshot));
            for (nearness, location) in onward_locations(&snapshot, &next, self.world.file.accounts) {
                let same = |other: &AppLocation| {
                    without_fragment(&other.address) == without_fragment(&location.address)
                        && other.clicks == location.clicks
                };
                if !visited.iter().any(same) && !candidates.iter().any(|(_, other)| same(other)) {
                    candidates.push((nearness, location));
                }
            }
        }
        Ok(fallback)
    }

    async fn open_location(&mut self, purpose: Purpose, location: &AppLocation) -> Result<(), BrowserError> {
        let shown = self.shows_state();
        self.open_signed_in(purpose, &location.address, &shown).await?;
        for name in &location.clicks {
            let Some(control) = self.actor.seen()?.control(|control| control.name == *name) else { break };
            self.click(Purpose::Prepare, control).await?;
            self.await_page(&shown).await?;
        }
        Ok(())
    }
}

/// Where a page is that was opened as a location; by its own address, where a click led to another page.
fn location_of(opened: &AppLocation, snapshot: &PageSnapshot) -> AppLocation {
    let moved = without_fragment(&snapshot.page.url) != without_fragment(&opened.address);
    if moved { AppLocation { address: snapshot.page.url.clone(), clicks: Vec::new() } } else { opened.clone() }
}

/// Of those that promise the most, the one that was seen first.
fn nearest(candidates: &[(u8, AppLocation)]) -> Option<usize> {
    let most = candidates.iter().map(|(nearness, _)| *nearness).max()?;
    candidates.iter().position(|(nearness, _)| *nearness == most)
}

/// Whether a page shows the state, with a control that changes it (true) or without.
fn shows_it(snapshot: &PageSnapshot) -> Option<bool> {
    let tells = matches!(snapshot.page.kind, PageKind::Installed | PageKind::NotInstalled);
    let parts = &snapshot.parts;
    let sure = [&parts.connect, &parts.disconnect].into_iter().flatten().any(Part::is_sure);
    (tells && snapshot.page.certainty >= Page::SURE).then_some(sure)
}

/// Ways on within the app: links by their address, menus and tabs as clicks. Where users are known by their Klaviyo account alone,
/// signing in is a way to connect.
fn onward_locations(snapshot: &PageSnapshot, from: &AppLocation, accounts: Accounts) -> Vec<(u8, AppLocation)> {
    let here = Url::parse(&snapshot.page.url).ok();
    let own = |link: &str| {
        let link = Url::parse(link).ok();
        link.zip(here.as_ref()).is_some_and(|(link, here)| link.origin() == here.origin())
    };
    let onward = |(nearness, control): &(u8, usize)| {
        let control = snapshot.page.controls.get(*control)?;
        let location = match &control.href {
            Some(link) => own(link).then(|| AppLocation { address: link.clone(), clicks: Vec::new() })?,
            None => AppLocation {
                clicks: [from.clicks.as_slice(), std::slice::from_ref(&control.name)].concat(),
                ..from.clone()
            },
        };
        Some((*nearness, location))
    };
    // Where a password is asked for, nobody gets in without one.
    let asks = snapshot.page.fields.iter().any(|field| field.kind == FieldKind::Password);
    let all = snapshot.page.controls.iter().enumerate().filter(|_| accounts == Accounts::Klaviyo && !asks);
    let to_sign_in = all.filter(|(_, control)| matches_sign_in(&control.name)).map(|(index, _)| (1, index));
    let promising = snapshot.parts.ways.to_integrations.iter().copied();
    promising.chain(to_sign_in).filter_map(|found| onward(&found)).collect()
}

/// An address without what stands behind `#`, unless that is a page of a single-page app.
fn without_fragment(address: &str) -> String {
    match address.split_once('#') {
        Some((before, after)) if !after.starts_with('/') && !after.starts_with('!') => before.to_owned(),
        _ => address.to_owned(),
    }
}
