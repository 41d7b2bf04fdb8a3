//! A scenario being run: set up before the first step, taken down after the last.

use std::sync::Arc;

use crate::app::{AppError, Instance, PlaceholderValues, free_port};
use crate::browser::{Browser, BrowserError, Route, Timeouts};
use crate::checklist::Problem;
use crate::evidence::{
    AppSetup, Event, GatewayTraffic, Recorder, Routing, RoutingSetup, ScenarioSetup, Setup, error_chain,
};
use crate::gateway::NetworkNamespace;
use crate::mail::Sink;
use crate::runner::Plan;
use crate::runner::world::actors::Actors;
use crate::runner::world::klaviyo_accounts::KlaviyoAccounts;
use crate::runner::world::person::Person;
use crate::runner::world::screenshots::Screenshots;
use crate::runner::world::setup::browser_settings::{overrides, pass};
use crate::runner::world::setup::gateway_setup;
use crate::runner::world::setup::klaviyo_setup::{behind_a_closed_port, domain, host_seen, open_klaviyo, program};
use crate::runner::world::setup::network_isolation::confine;
use crate::runner::world::setup::setup_error::SetupError;
use crate::runner::world::step_context::StepContext;
use crate::runner::world::time::Time;
use crate::runner::world::world::World;
use crate::scenario::{Loaded, LookAt, Step};

/// A scenario being run: its world, and who takes part.
#[derive(Debug)]
pub(in crate::runner) struct ScenarioRun {
    pub(in crate::runner) world: World,
    pub(in crate::runner) actors: Actors,
    /// The place of the actor with whom the next step is played.
    pub(in crate::runner) acting: usize,
    pub(in crate::runner) setup: Setup,
}

impl ScenarioRun {
    /// Starts Klaviyo, gateway and app; no browser context is open yet.
    pub(in crate::runner) async fn set_up(
        plan: &Plan,
        scenario: &Loaded,
        recorder: Recorder,
    ) -> Result<Self, SetupError> {
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
    ) -> Result<Self, SetupError> {
        let script = &scenario.script;
        let file = Arc::clone(&plan.app);
        // Before anything is recorded: the app's first line may hold one of them, in any form.
        recorder.configure(&[file.secrets(), actors.secrets()].concat());
        actors.introduce(&recorder);
        let accounts = KlaviyoAccounts::of(script.given.accounts);
        accounts.introduce(&recorder);
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
        let placeholders = PlaceholderValues {
            port,
            host_port,
            data: data.display().to_string(),
            smtp_port: mail.address().port(),
            klaviyo_www: String::new(),
            klaviyo_api: String::new(),
        };
        if let Some(problem) = behind_a_closed_port(plan, &placeholders) {
            return Err(SetupError::Config(problem));
        }
        let klaviyo = open_klaviyo(&file, script, &placeholders, &actors, &accounts, &recorder).await;
        let klaviyo = klaviyo.map_err(|error| SetupError::Harness(Problem::new(error_chain(&error))))?;
        let gateway = gateway_setup::open(plan, &placeholders, &klaviyo).await?;
        let base = |url: url::Url| url.as_str().trim_end_matches('/').to_owned();
        let placeholders =
            PlaceholderValues { klaviyo_www: base(klaviyo.www()), klaviyo_api: base(klaviyo.api()), ..placeholders };
        let setup = Setup {
            scenario: ScenarioSetup {
                id: script.id.value.clone(),
                title: script.title.clone(),
                file: scenario.file.clone(),
            },
            app: AppSetup {
                name: file.name.clone(),
                tenancy: file.tenancy,
                url: placeholders.fill(&file.url.value),
                install_url: placeholders.fill(&file.klaviyo.install_url.value),
                client_id: file.klaviyo.client_id.clone(),
                scopes: file.klaviyo.scopes.iter().map(|scope| scope.value.clone()).collect(),
                scopes_copied: file.klaviyo.scopes_copied,
                redirect_uris: file.klaviyo.redirect_uris.iter().map(|uri| placeholders.fill(&uri.value)).collect(),
                clock_follows: false,
                clock_stood_still: false,
                trigger: file.declares_trigger(),
                settings: file.declares_settings(),
                installs: file.klaviyo.installs,
                host: host_seen(&file, &placeholders),
            },
            users: actors.people().map(Person::seen).collect(),
            accounts: accounts.all().to_vec(),
            klaviyo: script.given.klaviyo,
            klaviyo_hosts: vec![domain(&klaviyo.www()), domain(&klaviyo.api())],
            routing: RoutingSetup { way: file.reach, program: file.start.as_ref().and_then(program), elsewhere: false },
            quiet_ms: u64::try_from(file.timing.quiet.duration().as_millis()).unwrap_or(u64::MAX),
        };
        // A gateway that is there for browsers of another machine alone is not the app's affair.
        let leads_app = file.reach != Routing::Urls || plan.hermetic;
        let mut launch_environment =
            gateway.as_ref().filter(|_| leads_app).map(gateway_setup::launch_environment).unwrap_or_default();
        let (mut network_namespace, mut hermetic) = (None, None);
        if let Some(gateway) = gateway.as_ref().filter(|_| plan.hermetic) {
            let (own, how_far) = confine(plan, &file, &placeholders, gateway, &klaviyo).await;
            let before = own.as_ref().map(NetworkNamespace::wrapper).unwrap_or_default();
            launch_environment.wrapper = [before, &launch_environment.wrapper].concat();
            (network_namespace, hermetic) = (own, Some(how_far));
        }
        let started = match Instance::start_host(&file, &plan.folder, placeholders.clone(), &recorder).await {
            Ok(host) => {
                let app = Instance::start(&file, &plan.folder, placeholders, &launch_environment, &recorder).await;
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
        let world = World {
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
            accounts,
            timeouts,
            keeps_answers: script.steps.iter().any(|step| step.value == Step::Look(LookAt::Browser)),
            ended: None,
            started_again: 0,
            shots: Screenshots::of(&plan.shots, &script.id.value),
            preparing: true,
            has_decided: false,
            slow_mo: plan.slow_mo,
            interactive: plan.interactive.clone(),
            time: Time::new(plan.real_time),
            config: plan.config.clone(),
            passwords_to: plan.passwords_to.clone(),
            mails_before: 0,
            config_mismatch: None,
        };
        Ok(Self { world, actors, acting: 0, setup })
    }

    /// Opens the browser contexts of everybody who takes part and has none yet.
    pub(in crate::runner) async fn open_contexts(&mut self, browser: &Browser) -> Result<(), BrowserError> {
        let world = &self.world;
        let route = world.route();
        let overrides = overrides(&world.file);
        let pass = pass(&world.file, world.address(None, None).as_str());
        for actor in self.actors.all_mut().filter(|actor| actor.context.is_none()) {
            let mut user = browser.user(actor.person.label, &world.recorder, route.as_ref()).await?;
            user.klaviyo_at(&self.setup.klaviyo_hosts);
            user.find_by(&overrides);
            user.app_works_by(world.klaviyo.delayed_responses());
            if let Some(pass) = &pass {
                user.carry(pass).await?;
            }
            if world.keeps_answers {
                user.keep_answers().await;
            }
            actor.context = Some(user);
        }
        Ok(())
    }

    /// What the next step is played with.
    pub(in crate::runner) fn context(&mut self) -> StepContext<'_> {
        self.context_of(self.acting)
    }

    /// The same, for the actor at a place.
    pub(in crate::runner) fn context_of(&mut self, index: usize) -> StepContext<'_> {
        let (actor, other) = self.actors.actor_and_other(index);
        StepContext { world: &mut self.world, actor, other }
    }

    /// Takes everything down again; what remains is what evidence says of the setup.
    pub(in crate::runner) async fn tear_down(mut self) -> Setup {
        for actor in self.actors.all_mut() {
            if let Some(user) = actor.context.take() {
                user.close().await;
            }
        }
        self.world.tear_down().await;
        self.setup
    }
}

impl World {
    /// How browsers come to Klaviyo; where they are on another machine, to this one at all.
    pub(in crate::runner) fn route(&self) -> Option<Route> {
        self.gateway.as_ref().map(|gateway| gateway_setup::route(gateway, self.remote.as_ref()))
    }

    async fn tear_down(self) {
        self.app.stop().await;
        if let Some(host) = self.host {
            host.stop().await;
        }
        if let Some(gateway) = self.gateway.as_ref().filter(|_| self.leads_app) {
            self.recorder.record(Event::GatewayTraffic(GatewayTraffic {
                hermetic: self.hermetic,
                ..gateway_setup::traffic(gateway)
            }));
        }
        drop(self.network_namespace);
        gateway_setup::close(self.gateway).await;
        self.klaviyo.stop().await;
    }
}
