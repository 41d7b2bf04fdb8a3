//! An app that flowcheck starts for each scenario, and that keeps its connections in a place of its own: what an earlier scenario left
//! there is looked for, and disconnected, before the next.

use crate::browser::{Browser, BrowserError};
use crate::evidence::{Purpose, Recorder, StepPhase};
use crate::runner::Plan;
use crate::runner::scheduling::existing_app::{Shown, survey};
use crate::runner::world::actors::Actors;
use crate::runner::world::world::World;

/// What a worker knows of what such an app keeps.
#[derive(Debug, Default)]
pub(in crate::runner) struct LeftOver {
    /// Whether a scenario has left an installation there.
    pub(in crate::runner) installed: bool,
    memory: Memory,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Memory {
    #[default]
    Unknown,
    /// Started anew, it knows nothing of what was before.
    Forgets,
    /// It keeps what was before.
    Keeps,
}

impl LeftOver {
    /// Whether the app keeps its connections from one scenario to the next.
    pub(in crate::runner) fn is_kept(&self) -> bool {
        self.memory == Memory::Keeps
    }

    /// Disconnects what an earlier scenario left. An error, in words, where it stays.
    pub(in crate::runner) async fn undo(&mut self, plan: &Plan, browser: &Browser) -> Result<(), String> {
        let own_data = plan.app.start.is_none() || plan.names_data() || plan.app.reset.is_some();
        if own_data || !self.installed || self.memory == Memory::Forgets {
            return Ok(());
        }
        let undone = disconnect_all(plan, browser).await;
        self.installed = false;
        match undone {
            Some(Undone { found: 0, .. }) if self.memory == Memory::Unknown => self.memory = Memory::Forgets,
            Some(Undone { still: Some(login), .. }) => {
                self.memory = Memory::Keeps;
                return Err(format!(
                    "Klaviyo is connected already for {login}, by an earlier scenario, and could not be disconnected\n{REMEDY}"
                ));
            }
            Some(Undone { found: 1.., .. }) => self.memory = Memory::Keeps,
            // Scenarios meet the same, and say it with all that they know.
            _ => {}
        }
        Ok(())
    }

    /// What the run's report says of it.
    pub(in crate::runner) fn remark(&self) -> Option<String> {
        self.is_kept().then(|| {
            format!("The app keeps its connections from one scenario to the next, and flowcheck disconnected them in between: {REMEDY}.")
        })
    }
}

/// What to do about it.
const REMEDY: &str =
    "let `start` in flowcheck.yaml name {data}, a folder for each scenario, or say in `reset` how the data is put back";

/// What was found connected, and what stayed so.
struct Undone {
    found: usize,
    /// The login of a user for whom it stayed.
    still: Option<String>,
}

/// Disconnects everybody in a world of its own, so that none of it is evidence; none where that could not be tried.
async fn disconnect_all(plan: &Plan, browser: &Browser) -> Option<Undone> {
    let set = World::set_up_with(plan, &survey(), Actors::everybody(&plan.app), Recorder::new()).await;
    let (mut world, setup) = set.ok()?;
    let undone = match world.open_contexts(browser, &setup).await {
        Ok(()) => world.disconnect_all().await,
        Err(error) => Err(error),
    };
    world.tear_down().await;
    undone.inspect_err(|error| tracing::debug!(%error, "what was left over could not be looked for")).ok()
}

impl World {
    async fn disconnect_all(&mut self) -> Result<Undone, BrowserError> {
        let mut undone = Undone { found: 0, still: None };
        for index in 0..self.actors.people.len() {
            self.current = index;
            if let StepPhase::Failed(_) = self.sign_in_to_app(Purpose::Prepare).await? {
                continue;
            }
            for tenant in self.tenants() {
                if self.shown(tenant).await? != Shown::Connected {
                    continue;
                }
                undone.found += 1;
                if let Some(place) = tenant {
                    // What is disconnected is the tenant at the head of the list.
                    self.person_mut().tenants.swap(0, place);
                }
                self.disconnect().await?;
                if self.shown(tenant.map(|_| 0)).await? == Shown::Connected {
                    undone.still = Some(self.person().login.clone());
                }
            }
        }
        Ok(undone)
    }
}
