//! On the consent page: allowing, denying, leaving and coming back.

use crate::browser::PageSnapshot;
use crate::evidence::{Gesture, Obstacle, Page, PageKind, PageRef, Purpose, StepPhase, StepProblem};
use crate::runner::steps::install_flow::asks_by_hand;
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;
use crate::scenario::HumanDuration;

impl StepContext<'_> {
    /// Clicks Allow, and waits until the app has come to rest.
    pub(in crate::runner) async fn allow(&mut self) -> Result<StepPhase, StepError> {
        self.decide(Purpose::Allow, "Allow").await?;
        self.actor.person.should_be_installed = true;
        self.await_page_after_decision(has_landed).await?;
        if asks_by_hand(self.actor.seen()?) && !self.is_known_page() {
            let page = PageRef::of(&self.actor.seen()?.page);
            let purpose = Purpose::Recover(Obstacle::MoreAfterConsent(page.clone()));
            match self.actor.seen()?.parts.choice {
                Some(answer) => self.click(purpose, answer).await?,
                None => self.fill_anything(purpose).await?,
            }
            self.await_page(has_landed).await?;
            self.note_landing();
            return Ok(StepPhase::Strayed(StepProblem::MoreAfterConsent(page)));
        }
        self.note_landing();
        Ok(StepPhase::Done)
    }

    /// Whether the page in front of the user is the app's home or its settings, where forms are filled in at leisure.
    fn is_known_page(&self) -> bool {
        let path =
            |address: &str| address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').to_owned();
        let tenant = self.actor.person.tenants.first().map(|tenant| tenant.key().to_owned());
        let known = [Some(self.world.file.home_page().to_owned()), self.world.file.pages.settings.clone()];
        let here = self.actor.snapshot.as_ref().map(|snapshot| path(&snapshot.page.url));
        known.iter().flatten().any(|page| Some(path(&self.world.address(Some(page), tenant.as_deref()))) == here)
    }

    /// Clicks Cancel, and waits until the app has come to rest.
    pub(in crate::runner) async fn deny(&mut self) -> Result<StepPhase, StepError> {
        self.decide(Purpose::Deny, "Cancel").await?;
        self.await_page_after_decision(|snapshot| is_clear(snapshot, PageKind::Error)).await?;
        Ok(StepPhase::Done)
    }

    /// Leaves the consent page for the app's home, while time passes in Klaviyo.
    pub(in crate::runner) async fn leave(&mut self, span: HumanDuration) -> Result<StepPhase, StepError> {
        let home = self.world.address(Some(self.world.file.home_page()), None);
        self.open(Purpose::Leave, &home).await?;
        self.await_page(|snapshot| snapshot.page.kind != PageKind::Blank).await?;
        self.world.let_pass(span.duration()).await;
        Ok(StepPhase::Done)
    }

    /// Comes back to the consent page by the browser's Back.
    pub(in crate::runner) async fn come_back(&mut self) -> Result<StepPhase, StepError> {
        self.act(Purpose::Return, Gesture::PressedBack).await;
        self.actor.user()?.go_back().await?;
        let page = self.await_page(|snapshot| snapshot.page.kind == PageKind::KlaviyoConsent).await?;
        if page.kind == PageKind::KlaviyoConsent {
            Ok(StepPhase::Done)
        } else {
            Err(StepProblem::BackLedTo(PageRef::of(page)).into())
        }
    }

    async fn decide(&mut self, purpose: Purpose, name: &str) -> Result<(), StepError> {
        let Some(control) = self.actor.seen()?.control(|control| control.name == name) else {
            return Err(StepProblem::ConsentLacks(name.to_owned()).into());
        };
        Ok(self.click(purpose, control).await?)
    }
}

/// After Allow: the app shows itself as installed, or tells of an error.
fn has_landed(snapshot: &PageSnapshot) -> bool {
    is_clear(snapshot, PageKind::Installed) || is_clear(snapshot, PageKind::Error)
}

fn is_clear(snapshot: &PageSnapshot, kind: PageKind) -> bool {
    snapshot.page.kind == kind && snapshot.page.certainty >= Page::CLEAR
}
