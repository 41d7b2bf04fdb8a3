//! Klaviyo misbehaving, and the app asked for much at once.

use std::time::Duration;

use super::stage::Stage;
use crate::browser::BrowserError;
use crate::evidence::{Purpose, StepPhase};
use crate::klaviyo;
use crate::scenario::{Fault, FaultKind, FaultOn};

/// Long enough for all that an app does at once to be under way.
const LATE: Duration = Duration::from_secs(1);
/// Longer than any app should wait for an answer of Klaviyo's.
const SLOW: Duration = Duration::from_mins(1);

impl Stage {
    /// Lets Klaviyo misbehave, or behave again.
    pub(super) fn misbehave(&self, fault: Option<Fault>) -> StepPhase {
        self.klaviyo.disarm();
        let Some(fault) = fault else { return StepPhase::Done };
        let on = match fault.on {
            FaultOn::Token => klaviyo::Endpoint::Token,
            FaultOn::Revoke => klaviyo::Endpoint::Revoke,
            FaultOn::Api => klaviyo::Endpoint::Api,
        };
        let kind = match fault.kind {
            FaultKind::Unavailable => klaviyo::FaultKind::Status { status: 503, body: None },
            FaultKind::Late => delay(LATE),
            FaultKind::Slow => delay(SLOW),
            FaultKind::Dropped => klaviyo::FaultKind::Drop,
            FaultKind::Malformed => klaviyo::FaultKind::MalformedJson,
            FaultKind::RotatedRefresh => klaviyo::FaultKind::RotatedRefresh,
        };
        let times = fault.times.map_or(u32::MAX, u32::from);
        match self.klaviyo.arm(klaviyo::Fault { kind, on, times, account: None }) {
            Ok(()) => StepPhase::Done,
            Err(error) => StepPhase::Failed(error.to_string()),
        }
    }

    /// Asks for the app's settings several times at once, in the user's browser, and for its work once beside.
    pub(super) async fn rush(&mut self, times: u8) -> Result<StepPhase, BrowserError> {
        let tenant = self.person().tenants.first().map(|tenant| tenant.key().to_owned());
        let page = self.file.pages.settings.clone().or_else(|| self.file.pages.home.clone());
        let address = self.address(page.as_deref(), tenant.as_deref());
        let trigger = self.file.trigger.clone();
        let shown = address.split(['?', '#']).next().unwrap_or(&address);
        let beside = if trigger.is_some() { ", and triggered the app" } else { "" };
        self.act(Purpose::Rush(times), format!("asked for {shown} {times} times at once{beside}")).await;
        let work = async {
            match &trigger {
                Some(trigger) => self.app.trigger(trigger).await.map(drop).map_err(|error| error.to_string()),
                None => Ok(()),
            }
        };
        let (answers, worked) = tokio::join!(self.browser()?.ask_at_once(&address, times), work);
        Ok(match (answers?, worked) {
            (Some(why), _) | (None, Err(why)) => StepPhase::Failed(why),
            (None, Ok(())) => StepPhase::Done,
        })
    }
}

fn delay(by: Duration) -> klaviyo::FaultKind {
    klaviyo::FaultKind::Delay { ms: u64::try_from(by.as_millis()).unwrap_or(u64::MAX) }
}
