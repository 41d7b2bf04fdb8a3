//! An app that flowcheck does not start: it was there before, and is to be left as it was found.

use tokio::time::timeout;

use super::Plan;
use super::cast::Cast;
use super::stage::{Stage, Unset};
use crate::browser::{Browser, BrowserError};
use crate::evidence::{Facts, Page, PageKind, Purpose, Recorder, Seen, StepPhase, TokenOutcome, in_full};
use crate::scenario::{Loaded, parse_scenario};

/// What a run knows of such an app by now.
#[derive(Debug, Default)]
pub(super) struct Grounds {
    surveyed: bool,
    /// Whether the scenario that is played is the last.
    pub(super) last: bool,
    /// Why nothing more can be played there.
    pub(super) closed: Option<String>,
    /// What is there and was not before, one sentence each.
    pub(super) left_behind: Vec<String>,
}

impl Grounds {
    /// Looks, before the first scenario, whether the app is connected to Klaviyo for any of the users: what flowcheck would
    /// disconnect then, it could not connect again.
    pub(super) async fn survey(&mut self, plan: &Plan, browser: &Browser) {
        if plan.app.start.is_some() || std::mem::replace(&mut self.surveyed, true) {
            return;
        }
        match connected(plan, browser).await {
            Ok(found) if !found.is_empty() => {
                self.closed = Some(format!(
                    "Klaviyo is connected already for {}, and flowcheck could not connect it again; disconnect it first, or name \
                     users in flowcheck.yaml for whom it is not",
                    found.join(", ")
                ));
            }
            Ok(_) => {}
            // Scenarios meet the same, and say it with all that they know.
            Err(why) => tracing::debug!(why, "the app could not be looked at before the run"),
        }
    }

    /// Undoes what a scenario has left, and takes note of what it could not.
    pub(super) async fn put_back(&mut self, stage: &mut Stage, scenario: &Loaded) {
        let id = &scenario.script.id.value;
        let accounts = stage.cast.people.iter().filter(|person| person.registered && person.is_stranger());
        self.left_behind.extend(accounts.map(|person| format!("the account {}, made in {id}", person.login)));
        let patience = stage.file.timing.scenario.duration();
        let still = match timeout(patience, stage.put_back()).await {
            Ok(Ok(still)) if still.is_empty() => return,
            Ok(Ok(still)) => format!("Klaviyo stays connected for {}", still.join(", ")),
            Ok(Err(error)) => format!("whether Klaviyo stays connected is not known ({})", in_full(&error)),
            Err(_) => format!("whether Klaviyo stays connected is not known (it took longer than {patience:?})"),
        };
        self.closed = Some(format!("after {id}, {still}: the app is no longer as it was found"));
        self.left_behind.push(format!("{still}, after {id}"));
    }
}

/// The users, with their tenants, for whom the app shows itself as installed.
async fn connected(plan: &Plan, browser: &Browser) -> Result<Vec<String>, String> {
    let survey = survey();
    let cast = Cast::everybody(&plan.app);
    let set = Stage::set_with(plan, &survey, cast, Recorder::new()).await;
    let (mut stage, setup) = set.map_err(|unset| match unset {
        Unset::Config(why) | Unset::Harness(why) => why,
        Unset::App(error) => in_full(&error),
    })?;
    let found = match stage.seat(browser, &setup).await {
        Ok(()) => stage.connected().await,
        Err(error) => Err(error),
    };
    stage.strike().await;
    found.map_err(|error| in_full(&error))
}

fn survey() -> Loaded {
    parse_scenario("src/runner/survey.yaml", include_str!("survey.yaml"))
        .unwrap_or_else(|mistakes| unreachable!("the survey is a sound scenario: {}", mistakes.render(false)))
}

impl Stage {
    /// Signs everybody in, and says for whom the app shows itself as installed.
    async fn connected(&mut self) -> Result<Vec<String>, BrowserError> {
        let mut found = Vec::new();
        for index in 0..self.cast.people.len() {
            self.current = index;
            if let StepPhase::Failed(_) = self.sign_in_to_app(Purpose::Prepare).await? {
                continue;
            }
            found.extend(self.connected_tenants().await?.into_iter().map(|tenant| self.of_tenant(tenant)));
        }
        Ok(found)
    }

    /// Disconnects everybody for whom this scenario may have installed the app, and says for whom that did not help.
    async fn put_back(&mut self) -> Result<Vec<String>, BrowserError> {
        if !self.recorder.scan(0, |entries| entries.iter().any(|entry| is_install(&entry.seen))) {
            return Ok(Vec::new());
        }
        self.misbehave(None);
        let mut still = Vec::new();
        for index in 0..self.cast.people.len() {
            self.current = index;
            if !self.person().registered {
                continue;
            }
            for tenant in self.connected_tenants().await? {
                // What is undone is the tenant at the head of the list.
                if let Some(place) = tenant {
                    self.person_mut().tenants.swap(0, place);
                }
                self.disconnect().await?;
                if !self.shows_connected(tenant.map(|_| 0)).await? {
                    continue;
                }
                // The other side, and whatever makes the app notice.
                self.uninstall_in_klaviyo().await?;
                if let Some(trigger) = self.file.trigger.clone() {
                    let _ = self.app.trigger(&trigger).await;
                }
                if self.shows_connected(tenant.map(|_| 0)).await? {
                    still.push(self.of_tenant(tenant.map(|_| 0)));
                }
            }
        }
        Ok(still)
    }

    /// The tenants, by their places in the list, whose settings show the app as installed; none as the only one, for a person
    /// without tenants.
    async fn connected_tenants(&mut self) -> Result<Vec<Option<usize>>, BrowserError> {
        let count = self.person().tenants.len();
        let places: Vec<Option<usize>> = if count == 0 { vec![None] } else { (0..count).map(Some).collect() };
        let mut found = Vec::new();
        for place in places {
            if self.shows_connected(place).await? {
                found.push(place);
            }
        }
        Ok(found)
    }

    async fn shows_connected(&mut self, tenant: Option<usize>) -> Result<bool, BrowserError> {
        let key = tenant.map(|place| self.person().tenants[place].key().to_owned());
        self.should_be_installed = false;
        self.open_settings_of(Purpose::Prepare, key.as_deref()).await?;
        let page = &self.seen()?.page;
        Ok(page.kind == PageKind::Installed && page.certainty >= Page::SURE)
    }

    fn of_tenant(&self, tenant: Option<usize>) -> String {
        let person = self.person();
        match tenant {
            Some(place) => format!("{} ({})", person.login, person.tenants[place].name),
            None => person.login.clone(),
        }
    }
}

/// Whether the app got tokens for a code.
fn is_install(seen: &Seen) -> bool {
    let Seen::Exchange(exchange) = seen else { return false };
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
