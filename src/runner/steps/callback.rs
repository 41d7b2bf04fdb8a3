//! Opening the app's callback as Klaviyo never sends it, and visiting pages again.

use std::time::Duration;

use url::Url;

use super::altered_state::state_with;
use crate::browser::{BrowserError, PageSnapshot};
use crate::evidence::{Gesture, Page, PageKind, Purpose, Revisit, StepPhase, StepProblem, Tampering};
use crate::klaviyo::{AccountId, Callback};
use crate::runner::world::actors::Actor;
use crate::runner::world::step_context::StepContext;
use crate::runner::world::step_error::StepError;
use crate::scenario::{CallbackWith, RevisitBy};

/// How long one request may take that begins an installation anew.
const PATIENCE: Duration = Duration::from_secs(10);

impl StepContext<'_> {
    /// Remembers whose the attempt is whose consent page is open.
    pub(in crate::runner) fn note_attempt(&mut self) {
        if self.actor.snapshot.as_ref().is_some_and(|snapshot| snapshot.page.kind == PageKind::KlaviyoConsent) {
            self.actor.attempt = self.world.klaviyo.latest_attempt();
        }
    }

    /// Opens the callback, and waits until the app has come to rest.
    pub(in crate::runner) async fn open_callback(&mut self, with: CallbackWith) -> Result<StepPhase, StepError> {
        let tampering = Tampering::from(with);
        if tampering.is_of_state() {
            self.begin_anew().await?;
        }
        let (own, other) = (Some(&*self.actor), self.other);
        let (of_code, of_state) = match with {
            CallbackWith::Foreign => (other, other),
            CallbackWith::OtherUsers => (own, other),
            _ => (own, own),
        };
        let (Some(mut callback), Some(sent)) = (self.callback_of(of_code), self.callback_of(of_state)) else {
            return Err(StepProblem::NoAttempt.into());
        };
        if with == CallbackWith::OtherUsers && callback.state == sent.state {
            return Ok(StepPhase::Skipped(StepProblem::StateCannotBe(tampering)));
        }
        callback.state = sent.state;
        let Ok(state) = state_with(with, callback.state.as_deref()) else {
            return Ok(StepPhase::Skipped(StepProblem::StateCannotBe(tampering)));
        };
        let Ok(address) = address(&callback, state.as_deref()) else {
            return Err(StepProblem::InvalidRedirectUri(callback.redirect_uri).into());
        };
        let path = address.path().to_owned();
        self.actor.user()?.leave_apps_windows().await?;
        self.act(Purpose::Callback(tampering), Gesture::OpenedCallback { path, tampering }).await;
        self.actor.user()?.go_to(address.as_str()).await?;
        self.await_page(has_settled).await?;
        Ok(StepPhase::Done)
    }

    /// Begins the current user's installation anew where a callback was opened since: the app may have forgotten the attempt over it,
    /// and would refuse any.
    async fn begin_anew(&mut self) -> Result<(), BrowserError> {
        let is_open =
            self.actor.snapshot.as_ref().is_some_and(|snapshot| snapshot.page.kind == PageKind::KlaviyoConsent);
        if is_open || self.actor.attempt.is_none() {
            return Ok(());
        }
        let install = self.world.address(Some(self.world.file.klaviyo.install_url.value.as_str()), None);
        let limit = self.world.timeouts.page.min(PATIENCE);
        self.actor.user()?.probe(&install, limit).await?;
        let mut latest = self.world.klaviyo.latest_attempt();
        if latest == self.actor.attempt {
            // It takes more than a request: a script of the page, for example.
            self.open(Purpose::Prepare, &install).await?;
            self.await_page(|snapshot| snapshot.page.kind == PageKind::KlaviyoConsent).await?;
            latest = self.world.klaviyo.latest_attempt();
        }
        self.actor.attempt = latest;
        Ok(())
    }

    /// The callback of a user's attempt, with a code of the account that is chosen now.
    fn callback_of(&self, actor: Option<&Actor>) -> Option<Callback> {
        let account = AccountId::from(self.world.accounts.chosen().id.as_str());
        self.world.klaviyo.callback_of(actor?.attempt.as_ref()?, &account)
    }

    /// Reloads the page or goes back, and waits until the app has come to rest.
    pub(in crate::runner) async fn revisit(&mut self, by: RevisitBy) -> Result<StepPhase, StepError> {
        match by {
            RevisitBy::Reload => {
                self.act(Purpose::Revisit(Revisit::Reload), Gesture::PressedReload).await;
                self.actor.user()?.reload().await?;
            }
            RevisitBy::Back => {
                self.act(Purpose::Revisit(Revisit::Back), Gesture::PressedBack).await;
                self.actor.user()?.go_back().await?;
            }
        }
        self.await_page(has_settled).await?;
        Ok(StepPhase::Done)
    }
}

/// The page is one that goes on no more by itself.
fn has_settled(snapshot: &PageSnapshot) -> bool {
    match snapshot.page.kind {
        PageKind::Login | PageKind::BrowserError | PageKind::KlaviyoConsent => true,
        PageKind::Error | PageKind::Installed | PageKind::NotInstalled => snapshot.page.certainty >= Page::CLEAR,
        _ => false,
    }
}

fn address(callback: &Callback, state: Option<&str>) -> Result<Url, url::ParseError> {
    let mut address = Url::parse(&callback.redirect_uri)?;
    let mut query = address.query_pairs_mut();
    query.append_pair("code", &callback.code);
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    drop(query);
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(with: CallbackWith) -> String {
        let state = state_with(with, Some("abcde")).unwrap_or_default();
        let callback = Callback {
            redirect_uri: "http://localhost:3000/callback?tenant=7".to_owned(),
            code: "c&d".to_owned(),
            state: Some("abcde".to_owned()),
        };
        address(&callback, state.as_deref()).unwrap().query().unwrap_or_default().to_owned()
    }

    #[test]
    fn each_callback_differs_from_the_right_one_in_one_thing() {
        assert_eq!(query(CallbackWith::Replayed), "tenant=7&code=c%26d&state=abcde");
        assert_eq!(query(CallbackWith::Missing), "tenant=7&code=c%26d");
        assert_eq!(query(CallbackWith::Altered), "tenant=7&code=c%26d&state=abbde");
        assert_eq!(query(CallbackWith::Empty), "tenant=7&code=c%26d&state=");
    }
}
