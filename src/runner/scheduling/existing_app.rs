//! An app that flowcheck does not start: it was there before, and is to be left as it was found.

use std::sync::Arc;

use tokio::sync::RwLock;
use tokio::time::timeout;

use crate::browser::{Browser, BrowserError};
use crate::checklist::Problem;
use crate::evidence::{Purpose, Recorder, error_chain};
use crate::runner::Plan;
use crate::runner::scheduling::connection_survey::{Shown, is_install, survey};
use crate::runner::scheduling::left_over::LeftOver;
use crate::runner::world::actors::Actors;
use crate::runner::world::setup::scenario_run::ScenarioRun;
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::succeeded;
use crate::scenario::Loaded;

/// What a run knows of such an app by now.
#[derive(Debug, Default)]
pub(in crate::runner) struct ExistingAppState {
    surveyed: bool,
    /// What scenarios leave in an app that is started for each; shared by all workers.
    pub(in crate::runner) left_over: Arc<RwLock<LeftOver>>,
    /// Whether the scenario that is played is the last.
    pub(in crate::runner) last: bool,
    /// Why nothing more can be played there.
    pub(in crate::runner) closed: Option<Problem>,
    /// What is there and was not before, one sentence each.
    pub(in crate::runner) left_behind: Vec<String>,
}

impl ExistingAppState {
    /// Nothing known but what all workers share.
    pub(in crate::runner) fn sharing(left_over: Arc<RwLock<LeftOver>>) -> Self {
        Self { left_over, ..Self::default() }
    }

    /// Looks, before the first scenario, whether the app is connected to Klaviyo for any of the users: what flowcheck would
    /// disconnect then, it could not connect again.
    pub(in crate::runner) async fn survey(&mut self, plan: &Plan, browser: &Browser) {
        if plan.app.start.is_some() || std::mem::replace(&mut self.surveyed, true) {
            return;
        }
        match connected(plan, browser).await {
            Ok(found) if !found.is_empty() => {
                let what = format!("{}, and flowcheck could not connect it again", found.join("; "));
                let remedy = "disconnect it first, or name users in flowcheck.yaml for whom it is not";
                self.closed = Some(Problem::new(what).with_remedy(Some(remedy)));
            }
            Ok(_) => {}
            // Scenarios meet the same, and say it with all that they know.
            Err(problem) => tracing::debug!(%problem, "the app could not be looked at before the run"),
        }
    }

    /// Undoes what a scenario has left, and takes note of what it could not.
    pub(in crate::runner) async fn put_back(&mut self, run: &mut ScenarioRun, scenario: &Loaded) {
        let id = &scenario.script.id.value;
        let accounts = run.actors.people().filter(|person| person.registered && person.is_stranger());
        self.left_behind.extend(accounts.map(|person| format!("the account {}, made in {id}", person.login)));
        let limit = run.world.file.timing.scenario.duration();
        let still_connected = match timeout(limit, put_back(run)).await {
            Ok(Ok(still_connected)) if still_connected.is_empty() => return,
            Ok(Ok(still_connected)) => still_connected.join("; "),
            Ok(Err(error)) => format!("whether Klaviyo stays connected is not known ({})", error_chain(&error)),
            Err(_) => format!("whether Klaviyo stays connected is not known (it took longer than {limit:?})"),
        };
        self.closed =
            Some(Problem::new(format!("after {id}, {still_connected}: the app is no longer as it was found")));
        self.left_behind.push(format!("{still_connected}, after {id}"));
    }
}

/// The users, with their tenants, for whom the app does not surely show itself as not installed; a sentence each.
async fn connected(plan: &Plan, browser: &Browser) -> Result<Vec<String>, Problem> {
    let survey = survey();
    let mut run = ScenarioRun::set_up_with(plan, &survey, Actors::everybody(&plan.app), Recorder::new()).await?;
    let found = connected_in(&mut run, browser).await;
    run.tear_down().await;
    found.map_err(|error| Problem::from(&error))
}

async fn connected_in(run: &mut ScenarioRun, browser: &Browser) -> Result<Vec<String>, BrowserError> {
    run.open_contexts(browser).await?;
    let mut found = Vec::new();
    for index in 0..run.actors.count() {
        found.extend(run.context_of(index).connected().await?);
    }
    Ok(found)
}

/// Disconnects everybody for whom this scenario may have installed the app, and says for whom that did not surely help.
async fn put_back(run: &mut ScenarioRun) -> Result<Vec<String>, BrowserError> {
    if !run.world.recorder.scan(0, |entries| entries.iter().any(|entry| is_install(&entry.event))) {
        return Ok(Vec::new());
    }
    run.world.klaviyo.disarm();
    let mut still_connected = Vec::new();
    for index in 0..run.actors.count() {
        still_connected.extend(run.context_of(index).put_back().await?);
    }
    Ok(still_connected)
}

impl StepContext<'_> {
    /// Signs the user in, and says for which tenants the app does not surely show itself as not installed.
    async fn connected(&mut self) -> Result<Vec<String>, BrowserError> {
        let mut found = Vec::new();
        if !succeeded(self.sign_in_to_app(Purpose::Prepare).await)? {
            return Ok(found);
        }
        for tenant in self.tenants() {
            let shown = self.shown(tenant).await?;
            found.extend(self.sentence(shown, tenant, "is connected already"));
        }
        Ok(found)
    }

    /// Disconnects the user's tenants, and says for which of them that did not surely help.
    async fn put_back(&mut self) -> Result<Vec<String>, BrowserError> {
        let mut still_connected = Vec::new();
        if !self.actor.person.registered {
            return Ok(still_connected);
        }
        for tenant in self.tenants() {
            if self.shown(tenant).await? == Shown::Free {
                continue;
            }
            // What is undone is the tenant at the head of the list.
            if let Some(place) = tenant {
                self.actor.person.tenants.swap(0, place);
            }
            let head = tenant.map(|_| 0);
            succeeded(self.disconnect().await)?;
            if self.shown(head).await? == Shown::Free {
                continue;
            }
            // The other side, and whatever makes the app notice.
            succeeded(self.uninstall_in_klaviyo().await)?;
            if let Some(trigger) = self.world.file.trigger.clone() {
                let _ = self.world.app.trigger(&trigger).await;
            }
            let shown = self.shown(head).await?;
            still_connected.extend(self.sentence(shown, head, "stays connected"));
        }
        Ok(still_connected)
    }

    fn sentence(&self, shown: Shown, tenant: Option<usize>, how: &str) -> Option<String> {
        let person = &self.actor.person;
        let whom = match tenant {
            Some(place) => format!("{} ({})", person.login, person.tenants[place].name),
            None => person.login.clone(),
        };
        match shown {
            Shown::Free => None,
            Shown::Connected => Some(format!("Klaviyo {how} for {whom}")),
            Shown::Unclear => {
                Some(format!("it cannot be told whether Klaviyo {how} for {whom}, as its settings do not say"))
            }
        }
    }
}
