//! An app that flowcheck does not start: it was there before, and is to be left as it was found.

use tokio::time::timeout;

use crate::browser::{Browser, BrowserError};
use crate::evidence::{Event, Facts, Page, PageKind, Purpose, Recorder, StepPhase, TokenOutcome, error_chain};
use crate::runner::Plan;
use crate::runner::world::actors::Actors;
use crate::runner::world::setup_error::SetupError;
use crate::runner::world::world::World;
use crate::scenario::{Loaded, parse_scenario};

/// What a run knows of such an app by now.
#[derive(Debug, Default)]
pub(in crate::runner) struct ExistingAppState {
    surveyed: bool,
    /// Whether the scenario that is played is the last.
    pub(in crate::runner) last: bool,
    /// Why nothing more can be played there.
    pub(in crate::runner) closed: Option<String>,
    /// What is there and was not before, one sentence each.
    pub(in crate::runner) left_behind: Vec<String>,
}

impl ExistingAppState {
    /// Looks, before the first scenario, whether the app is connected to Klaviyo for any of the users: what flowcheck would
    /// disconnect then, it could not connect again.
    pub(in crate::runner) async fn survey(&mut self, plan: &Plan, browser: &Browser) {
        if plan.app.start.is_some() || std::mem::replace(&mut self.surveyed, true) {
            return;
        }
        match connected(plan, browser).await {
            Ok(found) if !found.is_empty() => {
                self.closed = Some(format!(
                    "{}, and flowcheck could not connect it again; disconnect it first, or name users in flowcheck.yaml for whom it \
                     is not",
                    found.join("; ")
                ));
            }
            Ok(_) => {}
            // Scenarios meet the same, and say it with all that they know.
            Err(why) => tracing::debug!(why, "the app could not be looked at before the run"),
        }
    }

    /// Undoes what a scenario has left, and takes note of what it could not.
    pub(in crate::runner) async fn put_back(&mut self, world: &mut World, scenario: &Loaded) {
        let id = &scenario.script.id.value;
        let accounts = world.actors.people.iter().filter(|person| person.registered && person.is_stranger());
        self.left_behind.extend(accounts.map(|person| format!("the account {}, made in {id}", person.login)));
        let timeouts = world.file.timing.scenario.duration();
        let still = match timeout(timeouts, world.put_back()).await {
            Ok(Ok(still)) if still.is_empty() => return,
            Ok(Ok(still)) => still.join("; "),
            Ok(Err(error)) => format!("whether Klaviyo stays connected is not known ({})", error_chain(&error)),
            Err(_) => format!("whether Klaviyo stays connected is not known (it took longer than {timeouts:?})"),
        };
        self.closed = Some(format!("after {id}, {still}: the app is no longer as it was found"));
        self.left_behind.push(format!("{still}, after {id}"));
    }
}

/// The users, with their tenants, for whom the app does not surely show itself as not installed; a sentence each.
async fn connected(plan: &Plan, browser: &Browser) -> Result<Vec<String>, String> {
    let survey = survey();
    let cast = Actors::everybody(&plan.app);
    let set = World::set_up_with(plan, &survey, cast, Recorder::new()).await;
    let (mut world, setup) = set.map_err(|unset| match unset {
        SetupError::Config(why) | SetupError::Harness(why) => why,
        SetupError::App(error) => error_chain(&error),
    })?;
    let found = match world.open_contexts(browser, &setup).await {
        Ok(()) => world.connected().await,
        Err(error) => Err(error),
    };
    world.tear_down().await;
    found.map_err(|error| error_chain(&error))
}

pub(in crate::runner) fn survey() -> Loaded {
    parse_scenario("src/runner/scheduling/survey.yaml", include_str!("survey.yaml"))
        .unwrap_or_else(|mistakes| unreachable!("the survey is a sound scenario: {}", mistakes.render(false)))
}

impl World {
    /// Signs everybody in, and says for whom the app does not surely show itself as not installed.
    async fn connected(&mut self) -> Result<Vec<String>, BrowserError> {
        let mut found = Vec::new();
        for index in 0..self.actors.people.len() {
            self.current = index;
            if let StepPhase::Failed(_) = self.sign_in_to_app(Purpose::Prepare).await? {
                continue;
            }
            for tenant in self.tenants() {
                let shown = self.shown(tenant).await?;
                found.extend(self.sentence(shown, tenant, "is connected already"));
            }
        }
        Ok(found)
    }

    /// Disconnects everybody for whom this scenario may have installed the app, and says for whom that did not surely help.
    async fn put_back(&mut self) -> Result<Vec<String>, BrowserError> {
        if !self.recorder.scan(0, |entries| entries.iter().any(|entry| is_install(&entry.event))) {
            return Ok(Vec::new());
        }
        self.set_fault(None);
        let mut still = Vec::new();
        for index in 0..self.actors.people.len() {
            self.current = index;
            if !self.person().registered {
                continue;
            }
            for tenant in self.tenants() {
                if self.shown(tenant).await? == Shown::Free {
                    continue;
                }
                // What is undone is the tenant at the head of the list.
                if let Some(place) = tenant {
                    self.person_mut().tenants.swap(0, place);
                }
                let head = tenant.map(|_| 0);
                self.disconnect().await?;
                if self.shown(head).await? == Shown::Free {
                    continue;
                }
                // The other side, and whatever makes the app notice.
                self.uninstall_in_klaviyo().await?;
                if let Some(trigger) = self.file.trigger.clone() {
                    let _ = self.app.trigger(&trigger).await;
                }
                let shown = self.shown(head).await?;
                still.extend(self.sentence(shown, head, "stays connected"));
            }
        }
        Ok(still)
    }

    /// The person's tenants, by their places in the list; none as the only one, for a person without tenants.
    pub(in crate::runner) fn tenants(&self) -> Vec<Option<usize>> {
        match self.person().tenants.len() {
            0 => vec![None],
            count => (0..count).map(Some).collect(),
        }
    }

    pub(in crate::runner) async fn shown(&mut self, tenant: Option<usize>) -> Result<Shown, BrowserError> {
        let key = tenant.map(|place| self.person().tenants[place].key().to_owned());
        self.should_be_installed = false;
        self.open_settings_of(Purpose::Prepare, key.as_deref()).await?;
        let page = &self.seen()?.page;
        Ok(match page.kind {
            PageKind::NotInstalled if page.certainty >= Page::SURE => Shown::Free,
            PageKind::Installed if page.certainty >= Page::SURE => Shown::Connected,
            _ => Shown::Unclear,
        })
    }

    fn sentence(&self, shown: Shown, tenant: Option<usize>, how: &str) -> Option<String> {
        let person = self.person();
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

/// What the app's settings surely show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runner) enum Shown {
    Free,
    Connected,
    Unclear,
}

/// Whether the app got tokens for a code.
pub(in crate::runner) fn is_install(seen: &Event) -> bool {
    let Event::Exchange(exchange) = seen else { return false };
    matches!(&exchange.facts, Facts::Token(call) if matches!(call.outcome, TokenOutcome::Issued { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_survey_is_a_sound_scenario() {
        assert_eq!(survey().script.id.value, "standing/survey");
    }
}
