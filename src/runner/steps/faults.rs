//! Klaviyo misbehaving, and the app asked for much at once.

use crate::browser::BrowserError;
use crate::evidence::{Gesture, Purpose, StepPhase, StepProblem};
use crate::runner::world::world::World;
use crate::scenario::Fault;

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

    /// Asks for the app's settings several times at once, in the user's browser, and for its work once beside.
    pub(in crate::runner) async fn rush(&mut self, times: u8) -> Result<StepPhase, BrowserError> {
        let tenant = self.person().tenants.first().map(|tenant| tenant.key().to_owned());
        let page = self.file.pages.settings.clone().or_else(|| self.file.pages.home.clone());
        let address = self.address(page.as_deref(), tenant.as_deref());
        let trigger = self.file.trigger.clone();
        let url = address.split(['?', '#']).next().unwrap_or(&address).to_owned();
        self.act(Purpose::Rush(times), Gesture::RequestedAtOnce { url, times, triggered: trigger.is_some() }).await;
        let work = async {
            match &trigger {
                Some(trigger) => self.app.trigger(trigger).await.map(drop).map_err(|error| error.to_string()),
                None => Ok(()),
            }
        };
        let (answers, worked) = tokio::join!(self.browser()?.ask_at_once(&address, times), work);
        Ok(match (answers?, worked) {
            (Some(why), _) => StepPhase::Failed(StepProblem::RequestsFailed(why)),
            (None, Err(why)) => StepPhase::Failed(StepProblem::ActionFailed(why)),
            (None, Ok(())) => StepPhase::Done,
        })
    }
}
