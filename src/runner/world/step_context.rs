//! What a step is played with: the world, who acts in it, and what they do in their browser.

use tokio::time::{Instant, sleep_until};

use crate::browser::{BrowserError, PageSnapshot, Part};
use crate::evidence::{Event, Gesture, Page, PageKind, Purpose, UsedControl};
use crate::runner::world::actors::Actor;
use crate::runner::world::world::World;

/// Dialogs that a page opens one after the other, before a person gives up closing them.
const MOST_INTERRUPTIONS: usize = 3;

/// What a step is played with.
#[derive(Debug)]
pub(in crate::runner) struct StepContext<'a> {
    pub(in crate::runner) world: &'a mut World,
    /// Who acts.
    pub(in crate::runner) actor: &'a mut Actor,
    /// The first of those who do not.
    pub(in crate::runner) other: Option<&'a Actor>,
}

impl StepContext<'_> {
    /// Records what the user does next, and lets a person who watches see it.
    pub(in crate::runner) async fn act(&mut self, purpose: Purpose, gesture: Gesture) {
        self.world.preparing = purpose == Purpose::Prepare;
        self.world.has_decided |= matches!(purpose, Purpose::Allow | Purpose::Deny | Purpose::Callback(_));
        self.world.note_act(self.actor.person.label, purpose, gesture);
        self.actor.clicked = None;
        if !self.world.slow_mo.is_zero() {
            sleep_until(Instant::now() + self.world.slow_mo).await;
        }
    }

    /// Goes to an address, on the record.
    pub(in crate::runner) async fn open(&mut self, purpose: Purpose, address: &str) -> Result<(), BrowserError> {
        let url = address.split(['?', '#']).next().unwrap_or(address).to_owned();
        if purpose != Purpose::Leave {
            self.actor.user()?.leave_apps_windows().await?;
        }
        self.act(purpose, Gesture::Opened { url }).await;
        self.actor.user()?.go_to(address).await
    }

    /// Clicks a control of the page in front of the user, on the record.
    pub(in crate::runner) async fn click(&mut self, purpose: Purpose, control: usize) -> Result<(), BrowserError> {
        let snapshot = self.actor.seen()?.clone();
        self.act(purpose, Gesture::Clicked(used(&snapshot.page, control))).await;
        self.actor.clicked = Some(control);
        match self.actor.user()?.click(&snapshot, control).await {
            Err(BrowserError::Covered { ways, .. }) if self.closes_cover(&snapshot, &ways).await? => {
                self.actor.user()?.click(&snapshot, control).await
            }
            clicked => clicked,
        }
    }

    /// Waits until the page has come to rest, takes its picture, and puts it on the record.
    pub(in crate::runner) async fn await_page(
        &mut self,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<&Page, BrowserError> {
        let settled = self.settle(&enough).await?;
        self.show(settled).await
    }

    /// The same on a page of the app that the user came to see: closes what lies over it and has nothing to do with it, such as a tour.
    pub(in crate::runner) async fn await_page_behind_interruptions(
        &mut self,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<&Page, BrowserError> {
        let mut settled = self.settle(&enough).await?;
        for _ in 0..MOST_INTERRUPTIONS {
            let Some(part) = settled.0.parts.interruption.clone().filter(Part::is_sure) else { break };
            // No step of any flow either.
            let gesture = Gesture::Clicked(used(&settled.0.page, part.control));
            self.world.note_act(self.actor.person.label, Purpose::Prepare, gesture);
            self.actor.user()?.click(&settled.0, part.control).await?;
            settled = self.settle(&enough).await?;
        }
        self.show(settled).await
    }

    /// The same after a decision at Klaviyo. Where the app leaves a window open in which nothing more is to be done, and the page
    /// that opened it tells how it went, the user closes it.
    pub(in crate::runner) async fn await_page_after_decision(
        &mut self,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<&Page, BrowserError> {
        let mut settled = self.settle(&enough).await?;
        if settled.0.page.kind != PageKind::Error
            && self.actor.browser()?.is_in_apps_window()
            && self.actor.user()?.opener_changed().await?
        {
            self.actor.user()?.leave_apps_windows().await?;
            settled = self.settle(&enough).await?;
        }
        self.show(settled).await
    }

    async fn settle(
        &mut self,
        enough: &impl Fn(&PageSnapshot) -> bool,
    ) -> Result<(PageSnapshot, Option<Vec<u8>>), BrowserError> {
        let (timeouts, pictured, has_decided) = (self.world.timeouts, !self.world.preparing, self.world.has_decided);
        self.actor.user()?.ignore_earlier_messages(has_decided);
        let (mut snapshot, mut picture) = self.actor.user()?.await_page_pictured(timeouts, pictured, enough).await?;
        if let Some(control) = self.actor.clicked.take()
            && let Some(clicked) = self.actor.snapshot.clone()
            && self.actor.user()?.clicked_too_soon(&clicked, &snapshot)
        {
            // The same act: what it leads to is what the first click was for.
            self.actor.user()?.click(&snapshot, control).await?;
            (snapshot, picture) = self.actor.user()?.await_page_pictured(timeouts, pictured, enough).await?;
        }
        if let Some(banner) = snapshot.parts.banner.clone().filter(Part::is_sure) {
            // No step of any flow: people get it out of the way without a thought.
            let gesture = Gesture::AcceptedCookies(used(&snapshot.page, banner.control));
            self.world.note_act(self.actor.person.label, Purpose::Prepare, gesture);
            self.actor.user()?.click(&snapshot, banner.control).await?;
            (snapshot, picture) = self.actor.user()?.await_page_pictured(timeouts, pictured, enough).await?;
        }
        if !self.world.has_decided {
            self.actor.user()?.note_messages(&snapshot);
        }
        Ok((snapshot, picture))
    }

    async fn show(&mut self, (mut snapshot, picture): (PageSnapshot, Option<Vec<u8>>)) -> Result<&Page, BrowserError> {
        self.note_incidents().await?;
        snapshot.page.shot = picture.and_then(|picture| self.world.shots.keep(&picture));
        self.world.recorder.record(Event::Page(Box::new(snapshot.page.clone())));
        Ok(&self.actor.snapshot.insert(snapshot).page)
    }

    /// Takes a page that was read without waiting as the one in front of the user, on the record.
    pub(in crate::runner) fn take(&mut self, snapshot: PageSnapshot) {
        // Handles stay what they are where the page shows the same.
        let is_same = |page: &Page| page.controls == snapshot.page.controls && page.fields == snapshot.page.fields;
        if !self.actor.snapshot.as_ref().is_some_and(|before| is_same(&before.page)) {
            self.world.recorder.record(Event::Page(Box::new(snapshot.page.clone())));
        }
        self.actor.snapshot = Some(snapshot);
    }
}

/// A control of a page, as an act names it.
pub(in crate::runner) fn used(page: &Page, handle: usize) -> UsedControl {
    let control = page.controls.get(handle);
    let (name, role) = control.map_or_else(Default::default, |control| (control.name.clone(), Some(control.role)));
    UsedControl { name, role, handle }
}
