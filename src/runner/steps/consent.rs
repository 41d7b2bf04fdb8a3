//! On the consent page: allowing, denying, leaving and coming back.

use crate::browser::{BrowserError, PageSnapshot};
use crate::evidence::{Gesture, Obstacle, Page, PageKind, PageRef, Purpose, StepPhase, StepProblem};
use crate::runner::steps::install_flow::asks_by_hand;
use crate::runner::world::world::World;
use crate::scenario::HumanDuration;

impl World {
    /// Clicks Allow, and waits until the app has come to rest.
    pub(in crate::runner) async fn allow(&mut self) -> Result<StepPhase, BrowserError> {
        if let Some(failed) = self.decide(Purpose::Allow, "Allow").await? {
            return Ok(failed);
        }
        self.should_be_installed = true;
        self.rest_after_decision(has_landed).await?;
        if asks_by_hand(&self.seen()?.page) {
            let page = PageRef::of(&self.seen()?.page);
            self.fill_anything(Purpose::Recover(Obstacle::MoreAfterConsent(page.clone()))).await?;
            self.rest(has_landed).await?;
            return Ok(StepPhase::Strayed(StepProblem::MoreAfterConsent(page)));
        }
        Ok(StepPhase::Done)
    }

    /// Clicks Cancel, and waits until the app has come to rest.
    pub(in crate::runner) async fn deny(&mut self) -> Result<StepPhase, BrowserError> {
        if let Some(failed) = self.decide(Purpose::Deny, "Cancel").await? {
            return Ok(failed);
        }
        self.rest_after_decision(|sight| is_clear(sight, PageKind::Error)).await?;
        Ok(StepPhase::Done)
    }

    /// Leaves the consent page for the app's home, while time passes in Klaviyo.
    pub(in crate::runner) async fn leave(&mut self, span: HumanDuration) -> Result<StepPhase, BrowserError> {
        let home = self.address(Some(self.file.home_page()), None);
        self.open(Purpose::Leave, &home).await?;
        self.rest(|sight| sight.page.kind != PageKind::Blank).await?;
        self.let_pass(span.duration()).await;
        Ok(StepPhase::Done)
    }

    /// Comes back to the consent page by the browser's Back.
    pub(in crate::runner) async fn come_back(&mut self) -> Result<StepPhase, BrowserError> {
        self.act(Purpose::Return, Gesture::PressedBack).await;
        self.user()?.go_back().await?;
        let page = self.rest(|sight| sight.page.kind == PageKind::KlaviyoConsent).await?;
        Ok(if page.kind == PageKind::KlaviyoConsent {
            StepPhase::Done
        } else {
            StepPhase::Failed(StepProblem::BackLedTo(PageRef::of(page)))
        })
    }

    async fn decide(&mut self, purpose: Purpose, name: &str) -> Result<Option<StepPhase>, BrowserError> {
        let Some(control) = self.seen()?.control(|control| control.name == name) else {
            return Ok(Some(StepPhase::Failed(StepProblem::ConsentLacks(name.to_owned()))));
        };
        self.click(purpose, control).await.map(|()| None)
    }
}

/// After Allow: the app shows itself as installed, or tells of an error.
fn has_landed(sight: &PageSnapshot) -> bool {
    is_clear(sight, PageKind::Installed) || is_clear(sight, PageKind::Error)
}

fn is_clear(sight: &PageSnapshot, kind: PageKind) -> bool {
    sight.page.kind == kind && sight.page.certainty >= Page::CLEAR
}
