//! On the host platform of an embedded app.

use crate::browser::{PageSnapshot, matches_connect};
use crate::evidence::{Control, PageKind, Purpose, SignInState, StepPhase, StepProblem};
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;

/// Clicks after which even a persistent user gives up: the listing, Install, its confirmation.
const MOST_CLICKS: usize = 4;

impl StepContext<'_> {
    /// Whether the user has yet to install the app on the host, and knows nothing of it before being told.
    pub(in crate::runner) fn waits_for_host(&self) -> bool {
        self.actor.person.sign_in_state == SignInState::NotOnHost && !self.actor.person.on_host
    }

    /// Installs the app on the host: by the link of the message in front of the user, else at the listing's address.
    pub(in crate::runner) async fn install_on_host(&mut self) -> Result<StepPhase, StepError> {
        let Some(listing) = self.world.file.embedding().map(|embedding| embedding.host.listing.clone()) else {
            return Ok(StepPhase::Skipped(StepProblem::NoHost));
        };
        let listing = self.world.address(Some(&listing), None);
        let link =
            self.actor.snapshot.as_ref().and_then(|snapshot| snapshot.control(|control| leads_to(control, &listing)));
        match link {
            Some(control) => self.click(Purpose::InstallOnHost, control).await?,
            None => self.open(Purpose::InstallOnHost, &listing).await?,
        }
        let store = self.actor.person.tenants.first().map(|tenant| tenant.name.clone()).unwrap_or_default();
        self.await_page(|snapshot| {
            snapshot.page.kind == PageKind::Login || install_control(snapshot, &store).is_some()
        })
        .await?;
        let mut clicked = false;
        for _ in 0..MOST_CLICKS {
            let Some(control) = install_control(self.actor.seen()?, &store) else { break };
            self.click(Purpose::InstallOnHost, control).await?;
            clicked = true;
            self.await_page(|snapshot| matches!(snapshot.page.kind, PageKind::KlaviyoConsent | PageKind::NotInstalled))
                .await?;
            // What stands on the app's own pages connects Klaviyo.
            if self.actor.seen()?.page.url.split(['?', '#']).next() != Some(listing.as_str()) {
                break;
            }
        }
        self.actor.person.on_host |= clicked;
        if clicked { Ok(StepPhase::Done) } else { Err(StepProblem::NoInstallOnHost { listing }.into()) }
    }
}

fn leads_to(control: &Control, listing: &str) -> bool {
    control.href.as_deref().is_some_and(|href| href.split(['?', '#']).next() == Some(listing))
}

/// The control that installs the app, for the user's store where there are several.
fn install_control(snapshot: &PageSnapshot, store: &str) -> Option<usize> {
    let installs = |control: &Control| matches_connect(&control.name) && !control.in_navigation;
    snapshot
        .control(|control| installs(control) && !store.is_empty() && control.near.contains(store))
        .or_else(|| snapshot.control(installs))
}
