//! The world of the next scenario, set up while the one before it is played.

use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::browser::Browser;
use crate::evidence::{Recorder, error_chain};
use crate::runner::Plan;
use crate::runner::world::setup::scenario_run::ScenarioRun;
use crate::runner::world::setup::setup_error::SetupError;
use crate::scenario::Loaded;

/// A world with nothing played in it yet.
#[derive(Debug)]
pub(in crate::runner) struct PreparedWorld {
    pub(in crate::runner) recorder: Recorder,
    pub(in crate::runner) run: Result<ScenarioRun, SetupError>,
}

/// A scenario that comes next, and its world.
#[derive(Debug)]
pub(in crate::runner) struct Prefetched {
    /// Its place in the plan.
    index: usize,
    scenario: Arc<Loaded>,
    world: JoinHandle<PreparedWorld>,
}

impl PreparedWorld {
    /// Sets up the world of a scenario.
    pub(in crate::runner) async fn set_up(plan: &Plan, scenario: &Loaded) -> Self {
        let recorder = Recorder::new();
        let run = ScenarioRun::set_up(plan, scenario, recorder.clone()).await;
        Self { recorder, run }
    }

    /// Brings its people to a browser; what does not succeed is tried again when the scenario is played.
    async fn open_contexts(&mut self, browser: &Browser) {
        if let Ok(run) = &mut self.run
            && let Err(error) = run.open_contexts(browser).await
        {
            tracing::debug!(error = error_chain(&error), "nobody could be brought to the browser ahead of time");
        }
    }
}

impl Prefetched {
    /// Begins to set up a world. Its people come to the browser too, where that is there and shows nothing of it.
    pub(in crate::runner) fn begin(
        index: usize,
        scenario: Arc<Loaded>,
        plan: &Arc<Plan>,
        browser: Option<&Arc<Browser>>,
    ) -> Self {
        let (plan, of) = (Arc::clone(plan), Arc::clone(&scenario));
        let browser = browser.filter(|browser| browser.has_contexts() && !plan.options.headed).cloned();
        let world = tokio::spawn(async move {
            let mut world = PreparedWorld::set_up(&plan, &of).await;
            if let Some(browser) = browser {
                world.open_contexts(&browser).await;
            }
            world
        });
        Self { index, scenario, world }
    }

    /// The scenario, with its place in the plan.
    pub(in crate::runner) fn scenario(&self) -> (usize, Arc<Loaded>) {
        (self.index, Arc::clone(&self.scenario))
    }

    /// The world, once it is ready; none where setting it up broke down.
    pub(in crate::runner) async fn ready(mut self) -> Option<PreparedWorld> {
        (&mut self.world)
            .await
            .inspect_err(|error| tracing::error!(%error, "a world was not set up ahead of time"))
            .ok()
    }

    /// Takes the world down again; the scenario comes back.
    pub(in crate::runner) async fn give_up(mut self) -> (usize, Arc<Loaded>) {
        self.world.abort();
        if let Ok(PreparedWorld { run: Ok(run), .. }) = (&mut self.world).await {
            run.tear_down().await;
        }
        self.scenario()
    }
}

impl Drop for Prefetched {
    fn drop(&mut self) {
        // What was started is ended as it is dropped.
        self.world.abort();
    }
}
