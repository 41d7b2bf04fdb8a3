//! Klaviyo misbehaving, and the app asked for much at once.

use futures_util::future::join_all;

use crate::evidence::{Gesture, Purpose, StepPhase, StepProblem};
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;
use crate::runner::world::world::World;
use crate::scenario::{ActionKind, AppAction, Fault};

impl World {
    /// Makes Klaviyo misbehave, or behave well again.
    pub(in crate::runner) fn set_fault(&self, fault: Option<Fault>) -> Result<StepPhase, StepError> {
        self.klaviyo.disarm();
        let Some(fault) = fault else { return Ok(StepPhase::Done) };
        match self.klaviyo.arm(fault.recorded().into()) {
            Ok(()) => Ok(StepPhase::Done),
            Err(error) => Err(StepProblem::NotArranged(error.to_string()).into()),
        }
    }
}

impl StepContext<'_> {
    /// Asks for the app's settings several times at once, in the user's browser, and beside that for its work: as often where a
    /// request sets it off, once where a command does, which no schedule runs twice at a time.
    pub(in crate::runner) async fn rush(&mut self, times: u8) -> Result<StepPhase, StepError> {
        let tenant = self.actor.person.tenants.first().map(|tenant| tenant.key().to_owned());
        let page = self.world.file.pages.settings.clone().or_else(|| self.world.file.pages.home.clone());
        let address = self.world.address(page.as_deref(), tenant.as_deref());
        let trigger = self.world.file.trigger.clone();
        let runs = match trigger.as_ref().and_then(AppAction::kind) {
            Some(ActionKind::Run(_)) => 1,
            Some(_) => usize::from(times),
            None => 0,
        };
        let url = address.split(['?', '#']).next().unwrap_or(&address).to_owned();
        self.act(Purpose::Rush(times), Gesture::RequestedAtOnce { url, times, triggered: trigger.is_some() }).await;
        let work = join_all(trigger.iter().cycle().take(runs).map(|trigger| self.world.app.trigger(trigger)));
        let (answers, worked) = tokio::join!(self.actor.browser()?.ask_at_once(&address, times), work);
        let failed = worked.into_iter().find_map(Result::err);
        match (answers?, failed) {
            (Some(why), _) => Err(StepProblem::RequestsFailed(why).into()),
            (None, Some(error)) => Err(self.world.trigger_problem(error).await.into()),
            (None, None) => Ok(StepPhase::Done),
        }
    }
}
