//! Uninstalling, from either side.

use crate::browser::{BrowserError, PageSnapshot, leads_to_disconnect};
use crate::evidence::{PageKind, PagePart, Purpose, StepPhase, StepProblem};
use crate::runner::world::world::World;

/// Clicks after which even a persistent user gives up looking for a way to disconnect.
const MOST_CLICKS: u32 = 4;

impl World {
    /// Finds the app's disconnect control and uses it, confirming where the app asks.
    pub(in crate::runner) async fn disconnect(&mut self) -> Result<StepPhase, BrowserError> {
        self.open_settings(Purpose::Prepare).await?;
        let mut used = false;
        for clicks in 1..=MOST_CLICKS {
            let sight = self.seen()?;
            let control = match (disconnect_control(sight, used), used) {
                (Some(control), _) => control,
                // It was used, and nothing more is asked: done.
                (None, true) => break,
                (None, false) => match promising_link(sight) {
                    Some(control) => control,
                    None => break,
                },
            };
            let disconnects = disconnect_control(sight, used).is_some();
            self.click(Purpose::Disconnect { clicks, control: disconnects }, control).await?;
            used |= disconnects;
            self.should_be_installed = !used;
            let done = self.rest(|sight| used && sight.page.kind == PageKind::NotInstalled).await?.kind;
            // Still installed after its own control was used: clicking on would only repeat that.
            let still = used && done == PageKind::Installed && !self.seen()?.parts.asks_once_more;
            if done == PageKind::NotInstalled || still {
                break;
            }
        }
        if used {
            return Ok(StepPhase::Done);
        }
        let doubt = self.seen()?.parts.disconnect.as_ref().map(|part| part.why.clone());
        self.without(PagePart::Disconnect, None, doubt)
    }

    /// Uninstalls the app on Klaviyo's integrations page.
    pub(in crate::runner) async fn uninstall_in_klaviyo(&mut self) -> Result<StepPhase, BrowserError> {
        self.open_integrations(Purpose::KlaviyoUninstall).await?;
        // The page asks once more, so two clicks; a third would be another app's.
        for click in 0..2 {
            let Some(control) = self.seen()?.control(|control| control.name.starts_with("Uninstall")) else {
                if click == 0 {
                    return Ok(StepPhase::Failed(StepProblem::NotListedInKlaviyo));
                }
                break;
            };
            self.click(Purpose::KlaviyoUninstall, control).await?;
            self.rest(|sight| sight.page.kind == PageKind::KlaviyoIntegrations).await?;
        }
        self.should_be_installed = false;
        Ok(StepPhase::Done)
    }
}

/// The control that disconnects Klaviyo, or confirms that once it was used.
fn disconnect_control(sight: &PageSnapshot, confirming: bool) -> Option<usize> {
    let parts = &sight.parts;
    if confirming && !parts.asks_once_more && matches!(sight.page.kind, PageKind::Installed | PageKind::NotInstalled) {
        return None;
    }
    parts.disconnect.as_ref().filter(|part| part.is_sure()).map(|part| part.control)
}

/// A link behind which a user would look for it.
fn promising_link(sight: &PageSnapshot) -> Option<usize> {
    sight.control(|control| !control.in_navigation && leads_to_disconnect(&control.name))
}
