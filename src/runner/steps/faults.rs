//! Klaviyo misbehaving, and the app asked for much at once.

use futures_util::future::join_all;

use crate::browser::BrowserError;
use crate::evidence::{Gesture, Purpose, StepPhase, StepProblem};
use crate::runner::world::world::World;
use crate::scenario::{ActionKind, AppAction, Fault};

impl World {
    /// Makes Klaviyo misbehave, or behave well again.
    pub(in crate::runner) fn set_fault(&self, fault: Option<Fault>) -> StepPhase {
        self.klaviyo.disarm();
        let Some(fault) = fault else { return StepPhase::Done };
        match self.klaviyo.arm(fault.recorded().into()) {
            Ok(()) => StepPhase::Done,
            Err(error) => StepPhase::Failed(StepProblem::NotArranged(error.to_string())),
        }
    }

    /// Asks for the app's settings several times at once, in the user's browser, and beside that for its work: as often where a
    /// request sets it off, once where a command does, which no schedule runs twice at a time.
    pub(in crate::runner) async fn rush(&mut self, times: u8) -> Result<StepPhase, BrowserError> {
        let tenant = self.person().tenants.first().map(|tenant| tenant.key().to_owned());
        let page = self.file.pages.settings.clone().or_else(|| self.file.pages.home.clone());
        let address = self.address(page.as_deref(), tenant.as_deref());
        let trigger = self.file.trigger.clone();
        let runs = match trigger.as_ref().and_then(AppAction::kind) {
            Some(ActionKind::Run(_)) => 1,
            Some(_) => usize::from(times),
            None => 0,
        };
        let url = address.split(['?', '#']).next().unwrap_or(&address).to_owned();
        self.act(Purpose::Rush(times), Gesture::RequestedAtOnce { url, times, triggered: trigger.is_some() }).await;
        let work = join_all(trigger.iter().cycle().take(runs).map(|trigger| self.app.trigger(trigger)));
        let (answers, worked) = tokio::join!(self.browser()?.ask_at_once(&address, times), work);
        let failed = worked.into_iter().find_map(Result::err);
        Ok(match (answers?, failed) {
            (Some(why), _) => StepPhase::Failed(StepProblem::RequestsFailed(why)),
            (None, Some(error)) => StepPhase::Failed(self.trigger_problem(error).await),
            (None, None) => StepPhase::Done,
        })
    }
}
