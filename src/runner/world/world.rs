//! A scenario's world, with the people in it: a fake Klaviyo, an instance of the app, a browser context each.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::app::Instance;
use crate::browser::{BrowserError, PageSnapshot, Part, Remote, Timeouts, User};
use crate::evidence::{Act, Event, Gesture, Hermetic, Page, PageKind, Purpose, Recorder, StepProblem, UsedControl};
use crate::gateway::{Gateway, NetworkNamespace};
use crate::klaviyo;
use crate::mail::Sink;
use crate::runner::Interactive;
use crate::runner::world::actors::{Actor, Actors};
use crate::runner::world::person::Person;
use crate::runner::world::screenshots::Screenshots;
use crate::runner::world::time::Time;
use crate::scenario::AppFile;

/// One scenario's world.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug)]
pub(in crate::runner) struct World {
    pub(in crate::runner) recorder: Recorder,
    pub(in crate::runner) klaviyo: klaviyo::Server,
    /// Where the app and the browser are led to Klaviyo; none where the app is told its base URLs.
    pub(super) gateway: Option<Gateway>,
    /// Where browsers come from, when it is not this machine.
    pub(super) remote: Option<Remote>,
    /// Whether the app is led by the gateway, too.
    pub(super) leads_app: bool,
    /// The app's own network, in a hermetic run; goes after the app.
    pub(super) network_namespace: Option<NetworkNamespace>,
    pub(super) hermetic: Option<Hermetic>,
    pub(in crate::runner) app: Instance,
    /// The platform that an embedded app lives in.
    pub(super) host: Option<Instance>,
    pub(in crate::runner) mail: Sink,
    pub(in crate::runner) file: Arc<AppFile>,
    pub(in crate::runner) actors: Actors,
    pub(in crate::runner) timeouts: Timeouts,
    /// Whether the browser's answers are looked through in the end.
    pub(super) keeps_answers: bool,
    /// How the app has ended by itself, once it has.
    pub(in crate::runner) ended: Option<String>,
    /// How often it was started again since.
    pub(in crate::runner) started_again: usize,
    pub(super) shots: Screenshots,
    /// Whether the last act only arranged something: its page is no evidence, and needs no picture.
    pub(in crate::runner) preparing: bool,
    /// Whether anything was decided at Klaviyo, of which a message may tell.
    pub(super) has_decided: bool,
    pub(super) slow_mo: Duration,
    pub(in crate::runner) interactive: Option<Interactive>,
    pub(in crate::runner) time: Time,
    /// `flowcheck.yaml`, as the user named it.
    pub(in crate::runner) config: String,
    /// Hosts beside the app's own at which passwords of its users may be typed; anywhere, when left out.
    pub(in crate::runner) passwords_to: Option<Vec<String>>,
    /// Mails that had come when the last form was sent.
    pub(in crate::runner) mails_before: usize,
    /// Where that file does not fit the app, once that is seen.
    pub(in crate::runner) config_mismatch: Option<StepProblem>,
}

/// Dialogs that a page opens one after the other, before a person gives up closing them.
const MOST_INTERRUPTIONS: usize = 3;

impl World {
    /// Who acts now.
    pub(in crate::runner) fn actor(&self) -> &Actor {
        self.actors.acting()
    }

    pub(in crate::runner) fn actor_mut(&mut self) -> &mut Actor {
        self.actors.acting_mut()
    }

    /// The person who acts now.
    pub(in crate::runner) fn person(&self) -> &Person {
        &self.actor().person
    }

    pub(in crate::runner) fn person_mut(&mut self) -> &mut Person {
        &mut self.actor_mut().person
    }

    /// The browser of who acts now.
    pub(in crate::runner) fn user(&mut self) -> Result<&mut User, BrowserError> {
        self.actor_mut().context.as_mut().ok_or_else(|| BrowserError::Gone("its user".to_owned()))
    }

    /// The same, for what changes nothing.
    pub(in crate::runner) fn browser(&self) -> Result<&User, BrowserError> {
        self.actor().context.as_ref().ok_or_else(|| BrowserError::Gone("its user".to_owned()))
    }

    /// An address of the app, with the tenant named where the address asks for one.
    pub(in crate::runner) fn address(&self, page: Option<&str>, tenant: Option<&str>) -> String {
        self.app.placeholders().fill_for(tenant, page.unwrap_or(&self.file.url.value))
    }

    /// Records what the user does next, and lets a person who watches see it.
    pub(in crate::runner) async fn act(&mut self, purpose: Purpose, gesture: Gesture) {
        self.preparing = purpose == Purpose::Prepare;
        self.has_decided |= matches!(purpose, Purpose::Allow | Purpose::Deny | Purpose::Callback(_));
        let user = self.person().label.to_owned();
        self.note_act(user, purpose, gesture);
        if !self.slow_mo.is_zero() {
            sleep_until(Instant::now() + self.slow_mo).await;
        }
    }

    pub(in crate::runner) fn note_act(&self, user: String, purpose: Purpose, gesture: Gesture) {
        let gesture = gesture.redacted(|text| self.recorder.redact(text));
        self.recorder.record(Event::Act(Act { user, purpose, gesture }));
    }

    /// Goes to an address, on the record.
    pub(in crate::runner) async fn open(&mut self, purpose: Purpose, address: &str) -> Result<(), BrowserError> {
        let url = address.split(['?', '#']).next().unwrap_or(address).to_owned();
        if purpose != Purpose::Leave {
            self.user()?.leave_apps_windows().await?;
        }
        self.act(purpose, Gesture::Opened { url }).await;
        self.user()?.go_to(address).await
    }

    /// Clicks a control of the page in front of the user, on the record.
    pub(in crate::runner) async fn click(&mut self, purpose: Purpose, control: usize) -> Result<(), BrowserError> {
        let sight = self.seen()?.clone();
        self.act(purpose, Gesture::Clicked(used(&sight.page, control))).await;
        match self.user()?.click(&sight, control).await {
            Err(BrowserError::Covered { ways, .. }) if self.closes_cover(&sight, &ways).await? => {
                self.user()?.click(&sight, control).await
            }
            clicked => clicked,
        }
    }

    /// Waits until the page has come to rest, takes its picture, and puts it on the record.
    pub(in crate::runner) async fn rest(
        &mut self,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<&Page, BrowserError> {
        let settled = self.settle(&enough).await?;
        self.show(settled).await
    }

    /// The same on a page of the app that the user came to see: closes what lies over it and has nothing to do with it, such as a tour.
    pub(in crate::runner) async fn rest_behind_interruptions(
        &mut self,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<&Page, BrowserError> {
        let mut settled = self.settle(&enough).await?;
        for _ in 0..MOST_INTERRUPTIONS {
            let Some(part) = settled.0.parts.interruption.clone().filter(Part::is_sure) else { break };
            // No step of any flow either.
            let gesture = Gesture::Clicked(used(&settled.0.page, part.control));
            self.note_act(self.person().label.to_owned(), Purpose::Prepare, gesture);
            self.user()?.click(&settled.0, part.control).await?;
            settled = self.settle(&enough).await?;
        }
        self.show(settled).await
    }

    /// The same after a decision at Klaviyo. Where the app leaves a window open in which nothing more is to be done, and the page
    /// that opened it tells how it went, the user closes it.
    pub(in crate::runner) async fn rest_after_decision(
        &mut self,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<&Page, BrowserError> {
        let mut settled = self.settle(&enough).await?;
        if settled.0.page.kind != PageKind::Error
            && self.browser()?.is_in_apps_window()
            && self.user()?.opener_changed().await?
        {
            self.user()?.leave_apps_windows().await?;
            settled = self.settle(&enough).await?;
        }
        self.show(settled).await
    }

    async fn settle(
        &mut self,
        enough: &impl Fn(&PageSnapshot) -> bool,
    ) -> Result<(PageSnapshot, Option<Vec<u8>>), BrowserError> {
        let (timeouts, pictured, has_decided) = (self.timeouts, !self.preparing, self.has_decided);
        self.user()?.ignore_standing(has_decided);
        let (mut sight, mut picture) = self.user()?.rest_pictured(timeouts, pictured, enough).await?;
        if let Some(banner) = sight.parts.banner.clone().filter(Part::is_sure) {
            // No step of any flow: people get it out of the way without a thought.
            let gesture = Gesture::AcceptedCookies(used(&sight.page, banner.control));
            self.note_act(self.person().label.to_owned(), Purpose::Prepare, gesture);
            self.user()?.click(&sight, banner.control).await?;
            (sight, picture) = self.user()?.rest_pictured(timeouts, pictured, enough).await?;
        }
        if !self.has_decided {
            self.user()?.note_standing(&sight);
        }
        Ok((sight, picture))
    }

    async fn show(&mut self, (mut sight, picture): (PageSnapshot, Option<Vec<u8>>)) -> Result<&Page, BrowserError> {
        self.note_incidents().await?;
        sight.page.shot = picture.and_then(|picture| self.shots.keep(&picture));
        self.recorder.record(Event::Page(Box::new(sight.page.clone())));
        Ok(&self.actor_mut().sight.insert(sight).page)
    }

    /// Takes a page that was read without waiting as the one in front of the user, on the record.
    pub(in crate::runner) fn take(&mut self, sight: PageSnapshot) {
        // Handles stay what they are where the page shows the same.
        let is_same = |page: &Page| page.controls == sight.page.controls && page.fields == sight.page.fields;
        if !self.actor().sight.as_ref().is_some_and(|before| is_same(&before.page)) {
            self.recorder.record(Event::Page(Box::new(sight.page.clone())));
        }
        self.actor_mut().sight = Some(sight);
    }

    /// The page in front of the user.
    pub(in crate::runner) fn seen(&self) -> Result<&PageSnapshot, BrowserError> {
        self.actor().sight.as_ref().ok_or_else(|| BrowserError::Gone("been read yet".to_owned()))
    }
}

/// A control of a page, as an act names it.
pub(in crate::runner) fn used(page: &Page, handle: usize) -> UsedControl {
    let control = page.controls.get(handle);
    let (name, role) = control.map_or_else(Default::default, |control| (control.name.clone(), Some(control.role)));
    UsedControl { name, role, handle }
}
