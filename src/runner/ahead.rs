//! The world of the next scenario, set up while the one before it is played.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::Plan;
use super::stage::{Stage, Unset};
use crate::browser::Browser;
use crate::evidence::{Recorder, Setup, error_chain};
use crate::scenario::Loaded;

/// A world with nothing played in it yet.
#[derive(Debug)]
pub(super) struct World {
    pub(super) recorder: Recorder,
    pub(super) set: Result<(Stage, Setup), Unset>,
}

/// A scenario that comes next, and its world.
#[derive(Debug)]
pub(super) struct Ahead {
    /// Its place in the plan.
    index: usize,
    scenario: Arc<Loaded>,
    world: JoinHandle<World>,
}

impl World {
    /// Sets the stage of a scenario.
    pub(super) async fn set_up(plan: &Plan, scenario: &Loaded) -> Self {
        let recorder = Recorder::new();
        let set = Stage::set(plan, scenario, recorder.clone()).await;
        Self { recorder, set }
    }

    /// Brings its people to a browser; what does not succeed is tried again when the scenario is played.
    async fn seat(&mut self, browser: &Browser) {
        if let Ok((stage, setup)) = &mut self.set
            && let Err(error) = stage.seat(browser, setup).await
        {
            tracing::debug!(error = error_chain(&error), "nobody could be brought to the browser ahead of time");
        }
    }
}

impl Ahead {
    /// Begins to set up a world. Its people come to the browser too, where that is there and shows nothing of it.
    pub(super) fn begin(index: usize, scenario: Arc<Loaded>, plan: &Arc<Plan>, browser: Option<&Arc<Browser>>) -> Self {
        let (plan, of) = (Arc::clone(plan), Arc::clone(&scenario));
        let browser = browser.filter(|browser| browser.has_contexts() && !plan.options.headed).cloned();
        let world = tokio::spawn(async move {
            let mut world = World::set_up(&plan, &of).await;
            if let Some(browser) = browser {
                world.seat(&browser).await;
            }
            world
        });
        Self { index, scenario, world }
    }

    /// The scenario, with its place in the plan.
    pub(super) fn scenario(&self) -> (usize, Arc<Loaded>) {
        (self.index, Arc::clone(&self.scenario))
    }

    /// The world, once it is ready; none where setting it up broke down.
    pub(super) async fn ready(mut self) -> Option<World> {
        (&mut self.world)
            .await
            .inspect_err(|error| tracing::error!(%error, "a world was not set up ahead of time"))
            .ok()
    }

    /// Takes the world down again; the scenario comes back.
    pub(super) async fn give_up(mut self) -> (usize, Arc<Loaded>) {
        self.world.abort();
        if let Ok(World { set: Ok((stage, _)), .. }) = (&mut self.world).await {
            stage.strike().await;
        }
        self.scenario()
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        // What was started is ended as it is dropped.
        self.world.abort();
    }
}
