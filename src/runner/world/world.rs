//! A scenario's world, with the people in it: a fake Klaviyo, an instance of the app, a browser context each.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::app::{AppError, Instance, PlaceholderValues, free_port};
use crate::browser::{Browser, BrowserError, PageSnapshot, Part, Remote, Route, Timeouts, User};
use crate::checklist::Problem;
use crate::evidence::{
    Act, AppSetup, Event, GatewayTraffic, Gesture, Hermetic, Page, PageKind, Purpose, Recorder, Routing, RoutingSetup,
    ScenarioSetup, Setup, StepProblem, UsedControl, error_chain,
};
use crate::gateway::{Gateway, NetworkNamespace};
use crate::klaviyo;
use crate::mail::Sink;
use crate::runner::Interactive;
use crate::runner::Plan;
use crate::runner::world::actors::{Actor, Actors};
use crate::runner::world::browser_settings::{overrides, pass};
use crate::runner::world::gateway_setup;
use crate::runner::world::klaviyo_setup::{behind_a_closed_port, domain, host_seen, open_klaviyo, program};
use crate::runner::world::network_isolation::confine;
use crate::runner::world::screenshots::Screenshots;
use crate::runner::world::setup_error::SetupError;
use crate::runner::world::time::Time;
use crate::scenario::{AppFile, Loaded, LookAt, Step};

/// One scenario's world.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug)]
pub(in crate::runner) struct World {
    pub(in crate::runner) recorder: Recorder,
    pub(in crate::runner) klaviyo: klaviyo::Server,
    /// Where the app and the browser are led to Klaviyo; none where the app is told its base URLs.
    gateway: Option<Gateway>,
    /// Where browsers come from, when it is not this machine.
    remote: Option<Remote>,
    /// Whether the app is led by the gateway, too.
    leads_app: bool,
    /// The app's own network, in a hermetic run; goes after the app.
    network_namespace: Option<NetworkNamespace>,
    hermetic: Option<Hermetic>,
    pub(in crate::runner) app: Instance,
    /// The platform that an embedded app lives in.
    host: Option<Instance>,
    pub(in crate::runner) mail: Sink,
    pub(in crate::runner) file: Arc<AppFile>,
    pub(in crate::runner) actors: Actors,
    pub(in crate::runner) timeouts: Timeouts,
    /// Who acts now: an index into the actors and their contexts.
    pub(in crate::runner) current: usize,
    contexts: Vec<Option<User>>,
    /// What is in front of the user who acts.
    pub(in crate::runner) sight: Option<PageSnapshot>,
    /// Whether the browser's answers are looked through in the end.
    keeps_answers: bool,
    /// How the app has ended by itself, once it has.
    pub(in crate::runner) ended: Option<String>,
    /// How often it was started again since.
    pub(in crate::runner) started_again: usize,
    /// For each person, the last of their authorization attempts that reached consent.
    pub(in crate::runner) begun: Vec<Option<String>>,
    shots: Screenshots,
    /// Whether the last act only arranged something: its page is no evidence, and needs no picture.
    pub(in crate::runner) preparing: bool,
    /// Whether anything was decided at Klaviyo, of which a message may tell.
    has_decided: bool,
    slow_mo: Duration,
    pub(in crate::runner) interactive: Option<Interactive>,
    pub(in crate::runner) time: Time,
    /// `flowcheck.yaml`, as the user named it.
    pub(in crate::runner) config: String,
    /// Mails that had come when the last form was sent.
    pub(in crate::runner) mails_before: usize,
    /// Where that file does not fit the app, once that is seen.
    pub(in crate::runner) config_mismatch: Option<StepProblem>,
}

impl World {
    /// Starts Klaviyo, gateway and app; no browser context is open yet.
    pub(in crate::runner) async fn set_up(
        plan: &Plan,
        scenario: &Loaded,
        recorder: Recorder,
    ) -> Result<(Self, Setup), SetupError> {
        let actors = Actors::of(&scenario.script, &plan.app, plan.newcomer.as_ref())
            .map_err(|missing| SetupError::Config(Problem::new(missing.to_string())))?;
        Self::set_up_with(plan, scenario, actors, recorder).await
    }

    /// The same, with these people.
    pub(in crate::runner) async fn set_up_with(
        plan: &Plan,
        scenario: &Loaded,
        actors: Actors,
        recorder: Recorder,
    ) -> Result<(Self, Setup), SetupError> {
        let script = &scenario.script;
        let file = Arc::clone(&plan.app);
        // Before anything is recorded: the app's first line may hold one of them, in any form.
        recorder.configure(&[file.secrets(), actors.secrets()].concat());
        actors.introduce(&recorder);
        let data = tempfile::Builder::new()
            .prefix("world-")
            .tempdir_in(&plan.temporary)
            .map_err(|error| SetupError::App(AppError::Prepare(error)))?
            .keep();
        let mail = Sink::open(recorder.clone())
            .await
            .map_err(|error| SetupError::Harness(Problem::new(format!("no letter box: {error}"))))?;
        let free = || free_port().map_err(|error| SetupError::App(AppError::Prepare(error)));
        let (port, host_port) = (free()?, free()?);
        let places = PlaceholderValues {
            port,
            host_port,
            data: data.display().to_string(),
            smtp_port: mail.address().port(),
            klaviyo_www: String::new(),
            klaviyo_api: String::new(),
        };
        if let Some(problem) = behind_a_closed_port(plan, &places) {
            return Err(SetupError::Config(problem));
        }
        let klaviyo = open_klaviyo(&file, script, &places, &actors, &recorder).await;
        let klaviyo = klaviyo.map_err(|error| SetupError::Harness(Problem::new(error_chain(&error))))?;
        let gateway = gateway_setup::open(plan, &places, &klaviyo).await?;
        let base = |url: url::Url| url.as_str().trim_end_matches('/').to_owned();
        let places = PlaceholderValues { klaviyo_www: base(klaviyo.www()), klaviyo_api: base(klaviyo.api()), ..places };
        let setup = Setup {
            scenario: ScenarioSetup {
                id: script.id.value.clone(),
                title: script.title.clone(),
                file: scenario.file.clone(),
            },
            app: AppSetup {
                name: file.name.clone(),
                tenancy: file.tenancy,
                url: places.fill(&file.url.value),
                install_url: places.fill(&file.klaviyo.install_url.value),
                client_id: file.klaviyo.client_id.clone(),
                scopes: file.klaviyo.scopes.iter().map(|scope| scope.value.clone()).collect(),
                scopes_copied: file.klaviyo.scopes_copied,
                redirect_uris: file.klaviyo.redirect_uris.iter().map(|uri| places.fill(&uri.value)).collect(),
                clock_follows: false,
                clock_stood_still: false,
                trigger: file.declares_trigger(),
                settings: file.declares_settings(),
                installs: file.klaviyo.installs,
                host: host_seen(&file, &places),
            },
            users: actors.people.iter().map(Actor::seen).collect(),
            accounts: actors.accounts.clone(),
            klaviyo: script.given.klaviyo,
            klaviyo_hosts: vec![domain(&klaviyo.www()), domain(&klaviyo.api())],
            routing: RoutingSetup { way: file.reach, program: file.start.as_ref().and_then(program), elsewhere: false },
            quiet_ms: u64::try_from(file.timing.quiet.duration().as_millis()).unwrap_or(u64::MAX),
        };
        // A gateway that is there for browsers of another machine alone is not the app's affair.
        let leads_app = file.reach != Routing::Urls || plan.hermetic;
        let mut surroundings =
            gateway.as_ref().filter(|_| leads_app).map(gateway_setup::surroundings).unwrap_or_default();
        let (mut network_namespace, mut hermetic) = (None, None);
        if let Some(gateway) = gateway.as_ref().filter(|_| plan.hermetic) {
            let (own, how_far) = confine(plan, &file, &places, gateway, &klaviyo).await;
            let before = own.as_ref().map(NetworkNamespace::wrapper).unwrap_or_default();
            surroundings.wrapper = [before, &surroundings.wrapper].concat();
            (network_namespace, hermetic) = (own, Some(how_far));
        }
        let started = match Instance::start_host(&file, &plan.folder, places.clone(), &recorder).await {
            Ok(host) => {
                let app = Instance::start(&file, &plan.folder, places, &surroundings, &recorder).await;
                match (app, &file.reset) {
                    (Ok(app), Some(reset)) => app.reset(reset).await.map_err(AppError::Reset).map(|()| (host, app)),
                    (app, _) => app.map(|app| (host, app)),
                }
            }
            Err(error) => Err(error),
        };
        let (host, app) = match started {
            Ok(started) => started,
            Err(error) => {
                gateway_setup::close(gateway).await;
                klaviyo.stop().await;
                return Err(match error {
                    AppError::NoFakeClock(_) | AppError::Reset(_) => SetupError::Config(Problem::from(&error)),
                    error => SetupError::App(error),
                });
            }
        };
        let timeouts = Timeouts { page: file.timing.page.duration(), quiet: file.timing.quiet.duration() };
        let contexts = actors.people.iter().map(|_| None).collect();
        let begun = vec![None; actors.people.len()];
        let world = Self {
            recorder,
            klaviyo,
            gateway,
            remote: plan.browser.remote().cloned(),
            leads_app,
            network_namespace,
            hermetic,
            app,
            host,
            mail,
            file,
            actors,
            timeouts,
            current: 0,
            contexts,
            sight: None,
            keeps_answers: script.steps.iter().any(|step| step.value == Step::Look(LookAt::Browser)),
            ended: None,
            started_again: 0,
            begun,
            shots: Screenshots::of(&plan.shots, &script.id.value),
            preparing: true,
            has_decided: false,
            slow_mo: plan.slow_mo,
            interactive: plan.interactive.clone(),
            time: Time::new(plan.real_time),
            config: plan.config.clone(),
            mails_before: 0,
            config_mismatch: None,
        };
        Ok((world, setup))
    }

    /// Opens the browser contexts of everybody who takes part and has none yet.
    pub(in crate::runner) async fn open_contexts(
        &mut self,
        browser: &Browser,
        setup: &Setup,
    ) -> Result<(), BrowserError> {
        let route = self.route();
        let overrides = overrides(&self.file);
        let pass = pass(&self.file, self.address(None, None).as_str());
        for (person, seat) in self.actors.people.iter().zip(&mut self.contexts).filter(|(_, seat)| seat.is_none()) {
            let mut user = browser.user(person.label, &self.recorder, route.as_ref()).await?;
            user.klaviyo_at(&setup.klaviyo_hosts);
            user.find_by(&overrides);
            user.app_works_by(self.klaviyo.delayed_responses());
            if let Some(pass) = &pass {
                user.carry(pass).await?;
            }
            if self.keeps_answers {
                user.keep_answers().await;
            }
            *seat = Some(user);
        }
        Ok(())
    }

    /// How browsers come to Klaviyo; where they are on another machine, to this one at all.
    pub(in crate::runner) fn route(&self) -> Option<Route> {
        self.gateway.as_ref().map(|gateway| gateway_setup::route(gateway, self.remote.as_ref()))
    }

    /// Takes everything down again.
    pub(in crate::runner) async fn tear_down(self) {
        for user in self.contexts.into_iter().flatten() {
            user.close().await;
        }
        self.app.stop().await;
        if let Some(host) = self.host {
            host.stop().await;
        }
        if let Some(gateway) = self.gateway.as_ref().filter(|_| self.leads_app) {
            self.recorder.record(Event::GatewayTraffic(GatewayTraffic {
                hermetic: self.hermetic,
                ..gateway_setup::arrivals(gateway)
            }));
        }
        drop(self.network_namespace);
        gateway_setup::close(self.gateway).await;
        self.klaviyo.stop().await;
    }

    /// Who acts now.
    pub(in crate::runner) fn person(&self) -> &Actor {
        &self.actors.people[self.current]
    }

    pub(in crate::runner) fn person_mut(&mut self) -> &mut Actor {
        &mut self.actors.people[self.current]
    }

    /// The browser of who acts now.
    pub(in crate::runner) fn user(&mut self) -> Result<&mut User, BrowserError> {
        self.contexts[self.current].as_mut().ok_or_else(|| BrowserError::Gone("its user".to_owned()))
    }

    /// The same, for what changes nothing.
    pub(in crate::runner) fn browser(&self) -> Result<&User, BrowserError> {
        self.contexts[self.current].as_ref().ok_or_else(|| BrowserError::Gone("its user".to_owned()))
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

    fn note_act(&self, user: String, purpose: Purpose, gesture: Gesture) {
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
        self.user()?.click(&sight, control).await
    }

    /// Waits until the page has come to rest, takes its picture, and puts it on the record.
    pub(in crate::runner) async fn rest(
        &mut self,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<&Page, BrowserError> {
        let settled = self.settle(&enough).await?;
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
        Ok(&self.sight.insert(sight).page)
    }

    /// Takes a page that was read without waiting as the one in front of the user, on the record.
    pub(in crate::runner) fn take(&mut self, sight: PageSnapshot) {
        // Handles stay what they are where the page shows the same.
        let is_same = |page: &Page| page.controls == sight.page.controls && page.fields == sight.page.fields;
        if !self.sight.as_ref().is_some_and(|before| is_same(&before.page)) {
            self.recorder.record(Event::Page(Box::new(sight.page.clone())));
        }
        self.sight = Some(sight);
    }

    /// The page in front of the user.
    pub(in crate::runner) fn seen(&self) -> Result<&PageSnapshot, BrowserError> {
        self.sight.as_ref().ok_or_else(|| BrowserError::Gone("been read yet".to_owned()))
    }
}

/// A control of a page, as an act names it.
fn used(page: &Page, handle: usize) -> UsedControl {
    let control = page.controls.get(handle);
    let (name, role) = control.map_or_else(Default::default, |control| (control.name.clone(), Some(control.role)));
    UsedControl { name, role, handle }
}
