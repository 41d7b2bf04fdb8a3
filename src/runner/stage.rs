//! A scenario's world, with the people in it: a fake Klaviyo, an instance of the app, a browser context each.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::cast::{Cast, Person};
use super::confine::confine;
use super::misfit::{overrides, pass};
use super::setting::{behind_a_closed_port, domain, host_seen, open_klaviyo, program};
use super::shots::Shots;
use super::time::Time;
use super::{Attendant, Plan, way};
use crate::app::{AppError, Instance, Places, free_port};
use crate::browser::{Browser, BrowserError, Part, Patience, Remote, Route, Sight, User};
use crate::checklist::ScenarioEnd;
use crate::evidence::{
    Act, AppSeen, Arrivals, Hermetic, Page, Purpose, Reach, ReachSeen, Recorder, ScenarioSeen, Seen, Setup, in_full,
};
use crate::gateway::{Cell, Gateway};
use crate::klaviyo;
use crate::mail::Sink;
use crate::scenario::{AppFile, Clock, Loaded, LookAt, Step};

/// One scenario's world.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) recorder: Recorder,
    pub(super) klaviyo: klaviyo::Server,
    /// Where the app and the browser are led to Klaviyo; none where the app is told its base URLs.
    gateway: Option<Gateway>,
    /// Where browsers come from, when it is not this machine.
    remote: Option<Remote>,
    /// Whether the app is led by the gateway, too.
    leads_app: bool,
    /// The app's own network, in a hermetic run; goes after the app.
    cell: Option<Cell>,
    hermetic: Option<Hermetic>,
    pub(super) app: Instance,
    /// The platform that an embedded app lives in.
    host: Option<Instance>,
    pub(super) mail: Sink,
    pub(super) file: Arc<AppFile>,
    pub(super) cast: Cast,
    pub(super) patience: Patience,
    /// Who acts now: an index into the cast's people and the seats.
    pub(super) current: usize,
    seats: Vec<Option<User>>,
    /// What is in front of the user who acts.
    pub(super) sight: Option<Sight>,
    /// Whether the app should show itself as installed by now; only decides how long to look.
    pub(super) should_be_installed: bool,
    /// Whether the browser's answers are looked through in the end.
    keeps_answers: bool,
    /// How the app has ended by itself, once it has.
    pub(super) ended: Option<String>,
    /// How often it was started again since.
    pub(super) started_again: usize,
    /// For each person, the last of their authorization attempts that reached consent.
    pub(super) begun: Vec<Option<String>>,
    shots: Shots,
    /// Whether the last act only arranged something: its page is no evidence, and needs no picture.
    preparing: bool,
    slow_mo: Duration,
    pub(super) attendant: Option<Attendant>,
    pub(super) time: Time,
    /// `flowcheck.yaml`, as the user named it.
    pub(super) config: String,
    /// Mails that had come when the last form was sent.
    pub(super) mails_before: usize,
    /// Where that file does not fit the app, once that is seen.
    pub(super) misfit: Option<String>,
}

/// What stands in the way of a world.
#[derive(Debug)]
pub(super) enum Unset {
    Config(String),
    App(AppError),
    Harness(String),
}

impl From<Unset> for ScenarioEnd {
    fn from(unset: Unset) -> Self {
        match unset {
            Unset::Config(why) => Self::Config(why),
            Unset::App(error) => Self::AppUnavailable(in_full(&error)),
            Unset::Harness(why) => Self::Harness(why),
        }
    }
}

impl Stage {
    /// Sets the stage: Klaviyo up, app started, nobody in the browser yet.
    pub(super) async fn set(plan: &Plan, scenario: &Loaded, recorder: Recorder) -> Result<(Self, Setup), Unset> {
        let cast = Cast::of(&scenario.script, &plan.app, plan.newcomer.as_ref()).map_err(Unset::Config)?;
        Self::set_with(plan, scenario, cast, recorder).await
    }

    /// The same, with these people.
    pub(super) async fn set_with(
        plan: &Plan,
        scenario: &Loaded,
        cast: Cast,
        recorder: Recorder,
    ) -> Result<(Self, Setup), Unset> {
        let script = &scenario.script;
        let file = Arc::clone(&plan.app);
        cast.hide(&recorder);
        recorder.secret("client_secret", &file.klaviyo.client_secret);
        for secret in file.secrets() {
            recorder.secret("secret of flowcheck.yaml", secret);
        }
        let data = tempfile::Builder::new()
            .prefix("world-")
            .tempdir_in(&plan.temporary)
            .map_err(|error| Unset::App(AppError::Prepare(error)))?
            .keep();
        let mail =
            Sink::open(recorder.clone()).await.map_err(|error| Unset::Harness(format!("no letter box: {error}")))?;
        let free = || free_port().map_err(|error| Unset::App(AppError::Prepare(error)));
        let (port, host_port) = (free()?, free()?);
        let places = Places {
            port,
            host_port,
            data: data.display().to_string(),
            smtp_port: mail.address().port(),
            klaviyo_www: String::new(),
            klaviyo_api: String::new(),
        };
        if let Some(why) = behind_a_closed_port(plan, &places) {
            return Err(Unset::Config(why));
        }
        let klaviyo = open_klaviyo(&file, script, &places, &cast, &recorder).await.map_err(Unset::Harness)?;
        let gateway = way::open(plan, &places, &klaviyo).await?;
        let base = |url: url::Url| url.as_str().trim_end_matches('/').to_owned();
        let places = Places { klaviyo_www: base(klaviyo.www()), klaviyo_api: base(klaviyo.api()), ..places };
        let follows = file.start.as_ref().is_some_and(|start| start.clock == Clock::Follow);
        let setup = Setup {
            scenario: ScenarioSeen {
                id: script.id.value.clone(),
                title: script.title.clone(),
                file: scenario.file.clone(),
            },
            app: AppSeen {
                name: file.name.clone(),
                tenancy: file.tenancy,
                url: places.fill(&file.url.value),
                install_url: places.fill(&file.klaviyo.install_url.value),
                client_id: file.klaviyo.client_id.clone(),
                scopes: file.klaviyo.scopes.iter().map(|scope| scope.value.clone()).collect(),
                scopes_copied: file.klaviyo.scopes_copied,
                redirect_uris: file.klaviyo.redirect_uris.iter().map(|uri| places.fill(&uri.value)).collect(),
                clock_follows: follows,
                host: host_seen(&file, &places),
            },
            users: cast.people.iter().map(Person::seen).collect(),
            accounts: cast.accounts.clone(),
            klaviyo: script.given.klaviyo,
            klaviyo_hosts: vec![domain(&klaviyo.www()), domain(&klaviyo.api())],
            reach: ReachSeen { way: file.reach, program: file.start.as_ref().and_then(program), elsewhere: false },
            quiet_ms: u64::try_from(file.timing.quiet.duration().as_millis()).unwrap_or(u64::MAX),
        };
        // A gateway that is there for browsers of another machine alone is not the app's affair.
        let leads_app = file.reach != Reach::Urls || plan.hermetic;
        let mut surroundings = gateway.as_ref().filter(|_| leads_app).map(way::surroundings).unwrap_or_default();
        let (mut cell, mut hermetic) = (None, None);
        if let Some(gateway) = gateway.as_ref().filter(|_| plan.hermetic) {
            let (own, how_far) = confine(plan, &file, &places, gateway, &klaviyo).await;
            let before = own.as_ref().map(Cell::wrapper).unwrap_or_default();
            surroundings.wrapper = [before, &surroundings.wrapper].concat();
            (cell, hermetic) = (own, Some(how_far));
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
                way::close(gateway).await;
                klaviyo.stop().await;
                return Err(match error {
                    AppError::NoFakeClock(_) | AppError::Reset(_) => Unset::Config(in_full(&error)),
                    error => Unset::App(error),
                });
            }
        };
        let patience = Patience { page: file.timing.page.duration(), quiet: file.timing.quiet.duration() };
        let seats = cast.people.iter().map(|_| None).collect();
        let begun = vec![None; cast.people.len()];
        let stage = Self {
            recorder,
            klaviyo,
            gateway,
            remote: plan.browser.remote().cloned(),
            leads_app,
            cell,
            hermetic,
            app,
            host,
            mail,
            file,
            cast,
            patience,
            current: 0,
            seats,
            sight: None,
            should_be_installed: false,
            keeps_answers: script.steps.iter().any(|step| step.value == Step::Look(LookAt::Browser)),
            ended: None,
            started_again: 0,
            begun,
            shots: Shots::of(&plan.shots, &script.id.value),
            preparing: true,
            slow_mo: plan.slow_mo,
            attendant: plan.attendant.clone(),
            time: Time::new(plan.real_time, follows),
            config: plan.config.clone(),
            mails_before: 0,
            misfit: None,
        };
        Ok((stage, setup))
    }

    /// Opens the browser contexts of everybody who takes part and has none yet.
    pub(super) async fn seat(&mut self, browser: &Browser, setup: &Setup) -> Result<(), BrowserError> {
        let route = self.route();
        let overrides = overrides(&self.file);
        let pass = pass(&self.file, self.address(None, None).as_str());
        for (person, seat) in self.cast.people.iter().zip(&mut self.seats).filter(|(_, seat)| seat.is_none()) {
            let mut user = browser.user(person.label, &self.recorder, route.as_ref()).await?;
            user.klaviyo_at(&setup.klaviyo_hosts);
            user.find_by(&overrides);
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
    pub(super) fn route(&self) -> Option<Route> {
        self.gateway.as_ref().map(|gateway| way::route(gateway, self.remote.as_ref()))
    }

    /// Takes everything down again.
    pub(super) async fn strike(self) {
        for user in self.seats.into_iter().flatten() {
            user.close().await;
        }
        self.app.stop().await;
        if let Some(host) = self.host {
            host.stop().await;
        }
        if let Some(gateway) = self.gateway.as_ref().filter(|_| self.leads_app) {
            self.recorder.record(Seen::Arrivals(Arrivals { hermetic: self.hermetic, ..way::arrivals(gateway) }));
        }
        drop(self.cell);
        way::close(self.gateway).await;
        self.klaviyo.stop().await;
    }

    /// Who acts now.
    pub(super) fn person(&self) -> &Person {
        &self.cast.people[self.current]
    }

    pub(super) fn person_mut(&mut self) -> &mut Person {
        &mut self.cast.people[self.current]
    }

    /// The browser of who acts now.
    pub(super) fn user(&mut self) -> Result<&mut User, BrowserError> {
        self.seats[self.current].as_mut().ok_or_else(|| BrowserError::Gone("its user".to_owned()))
    }

    /// The same, for what changes nothing.
    pub(super) fn browser(&self) -> Result<&User, BrowserError> {
        self.seats[self.current].as_ref().ok_or_else(|| BrowserError::Gone("its user".to_owned()))
    }

    /// An address of the app, with the tenant named where the address asks for one.
    pub(super) fn address(&self, page: Option<&str>, tenant: Option<&str>) -> String {
        self.app.places().fill_for(tenant, page.unwrap_or(&self.file.url.value))
    }

    /// Records what the user does next, and lets a person who watches see it.
    pub(super) async fn act(&mut self, purpose: Purpose, what: impl Into<String>) {
        self.preparing = purpose == Purpose::Prepare;
        let user = self.person().label.to_owned();
        let what = self.recorder.redact(&what.into());
        self.recorder.record(Seen::Act(Act { user, purpose, what }));
        if !self.slow_mo.is_zero() {
            sleep_until(Instant::now() + self.slow_mo).await;
        }
    }

    /// Goes to an address, on the record.
    pub(super) async fn open(&mut self, purpose: Purpose, address: &str) -> Result<(), BrowserError> {
        let shown = address.split(['?', '#']).next().unwrap_or(address);
        self.act(purpose, format!("opened {shown}")).await;
        self.user()?.go_to(address).await
    }

    /// Clicks a control of the page in front of the user, on the record.
    pub(super) async fn click(&mut self, purpose: Purpose, control: usize) -> Result<(), BrowserError> {
        let sight = self.seen()?.clone();
        let name = sight.page.controls.get(control).map(|control| control.name.clone()).unwrap_or_default();
        self.act(purpose, format!("clicked \"{name}\"")).await;
        self.user()?.click(&sight, control).await
    }

    /// Waits until the page has come to rest, takes its picture, and puts it on the record.
    pub(super) async fn rest(&mut self, enough: impl Fn(&Sight) -> bool) -> Result<&Page, BrowserError> {
        let (patience, pictured) = (self.patience, !self.preparing);
        let (mut sight, mut picture) = self.user()?.rest_pictured(patience, pictured, &enough).await?;
        if let Some(banner) = sight.parts.banner.clone().filter(Part::is_sure) {
            // No step of any flow: people get it out of the way without a thought.
            let what = format!("accepted the cookies that \"{}\" asks for", sight.page.controls[banner.control].name);
            let user = self.person().label.to_owned();
            self.recorder.record(Seen::Act(Act { user, purpose: Purpose::Prepare, what: self.recorder.redact(&what) }));
            self.user()?.click(&sight, banner.control).await?;
            (sight, picture) = self.user()?.rest_pictured(patience, pictured, &enough).await?;
        }
        self.note_mishaps()?;
        sight.page.shot = picture.and_then(|picture| self.shots.keep(&picture));
        self.recorder.record(Seen::Page(Box::new(sight.page.clone())));
        Ok(&self.sight.insert(sight).page)
    }

    /// The page in front of the user.
    pub(super) fn seen(&self) -> Result<&Sight, BrowserError> {
        self.sight.as_ref().ok_or_else(|| BrowserError::Gone("been read yet".to_owned()))
    }
}
