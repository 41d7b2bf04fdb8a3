//! An app that flowcheck starts for each scenario, and that keeps its connections in a place of its own: what an earlier scenario left
//! there is looked for, and disconnected, before the next.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::browser::{Browser, BrowserError};
use crate::checklist::Problem;
use crate::evidence::{Purpose, Recorder};
use crate::runner::Plan;
use crate::runner::scheduling::connection_survey::{Shown, is_install, survey};
use crate::runner::world::actors::Actors;
use crate::runner::world::setup::scenario_run::ScenarioRun;
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::succeeded;

/// How often such an app must have nothing of an earlier scenario before it is taken to forget: with several apps side by side, one may
/// write over what another has written.
const CLEAN: usize = 3;

/// What a run knows of what such an app keeps.
#[derive(Debug, Default)]
pub(in crate::runner) struct LeftOver {
    /// Whether a scenario has left an installation there.
    installed: AtomicBool,
    /// How often nothing was left.
    clean: usize,
    /// Whether the app keeps its connections from one scenario to the next.
    kept: bool,
}

/// Holds a scenario's turn: beside those of other workers, or alone where they would meet each other's connections.
#[derive(Debug)]
pub(in crate::runner) enum Turn<'a> {
    Beside(RwLockReadGuard<'a, LeftOver>),
    Alone(RwLockWriteGuard<'a, LeftOver>),
}

impl Turn<'_> {
    /// Whether the app keeps its connections: one that was started before this turn still has them.
    pub(in crate::runner) fn is_alone(&self) -> bool {
        matches!(self, Self::Alone(_))
    }

    /// Notes whether the scenario has installed the app.
    pub(in crate::runner) fn note(&self, recorder: &Recorder) {
        let left_over = match self {
            Self::Beside(left_over) => &**left_over,
            Self::Alone(left_over) => &**left_over,
        };
        if recorder.scan(0, |entries| entries.iter().any(|entry| is_install(&entry.event))) {
            left_over.installed.store(true, Ordering::Relaxed);
        }
    }
}

impl LeftOver {
    /// Waits for a scenario's turn, and disconnects what an earlier one left. An error, in words, where it stays.
    pub(in crate::runner) async fn turn<'a>(
        state: &'a RwLock<Self>,
        plan: &Plan,
        browser: &Browser,
    ) -> Result<Turn<'a>, StillConnected> {
        {
            let known = state.read().await;
            if !known.may_be_there(plan) {
                return Ok(Turn::Beside(known));
            }
        }
        let mut alone = state.write().await;
        if alone.may_be_there(plan) {
            Box::pin(alone.undo(plan, browser)).await?;
        }
        Ok(if alone.kept { Turn::Alone(alone) } else { Turn::Beside(alone.downgrade()) })
    }

    fn may_be_there(&self, plan: &Plan) -> bool {
        !plan.has_fresh_data() && self.clean < CLEAN && (self.kept || self.installed.load(Ordering::Relaxed))
    }

    async fn undo(&mut self, plan: &Plan, browser: &Browser) -> Result<(), StillConnected> {
        // Scenarios meet what cannot be looked for, and say it with all that they know.
        let Some(undone) = Box::pin(disconnect_all(plan, browser)).await else { return Ok(()) };
        self.installed.store(false, Ordering::Relaxed);
        if undone.found > 0 {
            self.kept = true;
        } else if !self.kept {
            self.clean += 1;
        }
        match undone.still {
            Some(login) => Err(StillConnected { login }),
            None => Ok(()),
        }
    }

    /// What the run's report says of it.
    pub(in crate::runner) fn remark(&self) -> Option<String> {
        self.kept.then(|| {
            format!("The app keeps its connections from one scenario to the next, and flowcheck disconnected them in between: {REMEDY}.")
        })
    }
}

/// What to do about it.
const REMEDY: &str =
    "let `start` in flowcheck.yaml name {data}, a folder for each scenario, or say in `reset` how the data is put back";

/// What an earlier scenario left in the app, and could not be undone.
#[derive(Debug, thiserror::Error)]
#[error("Klaviyo is connected already for {login}, by an earlier scenario, and could not be disconnected")]
pub(in crate::runner) struct StillConnected {
    /// The user's.
    login: String,
}

impl From<StillConnected> for Problem {
    fn from(still: StillConnected) -> Self {
        Self::new(still.to_string()).with_remedy(Some(REMEDY))
    }
}

/// What was found connected, and what stayed so.
struct Undone {
    found: usize,
    /// The login of a user for whom it stayed.
    still: Option<String>,
}

/// Disconnects everybody in a world of its own, so that none of it is evidence; none where that could not be tried.
async fn disconnect_all(plan: &Plan, browser: &Browser) -> Option<Undone> {
    let mut run =
        ScenarioRun::set_up_with(plan, &survey(), Actors::everybody(&plan.app), Recorder::new()).await.ok()?;
    let undone = disconnect_all_in(&mut run, browser).await;
    run.tear_down().await;
    undone.inspect_err(|error| tracing::debug!(%error, "what was left over could not be looked for")).ok()
}

async fn disconnect_all_in(run: &mut ScenarioRun, browser: &Browser) -> Result<Undone, BrowserError> {
    run.open_contexts(browser).await?;
    let mut undone = Undone { found: 0, still: None };
    for index in 0..run.actors.count() {
        run.context_of(index).disconnect_tenants(&mut undone).await?;
    }
    Ok(undone)
}

impl StepContext<'_> {
    async fn disconnect_tenants(&mut self, undone: &mut Undone) -> Result<(), BrowserError> {
        if !succeeded(self.sign_in_to_app(Purpose::Prepare).await)? {
            return Ok(());
        }
        for tenant in self.tenants() {
            if self.shown(tenant).await? != Shown::Connected {
                continue;
            }
            undone.found += 1;
            if let Some(place) = tenant {
                // What is disconnected is the tenant at the head of the list.
                self.actor.person.tenants.swap(0, place);
            }
            succeeded(self.disconnect().await)?;
            if self.shown(tenant.map(|_| 0)).await? == Shown::Connected {
                undone.still = Some(self.actor.person.login.clone());
            }
        }
        Ok(())
    }
}
