//! Opening the app's callback as Klaviyo never sends it, and visiting pages again.

use url::Url;

use crate::browser::{BrowserError, PageSnapshot};
use crate::evidence::{Gesture, Page, PageKind, Purpose, Revisit, StepPhase, StepProblem, Tampering};
use crate::klaviyo::{AccountId, Callback};
use crate::runner::world::world::World;
use crate::scenario::{CallbackWith, RevisitBy};

impl World {
    /// Remembers whose the attempt is whose consent page is open.
    pub(in crate::runner) fn note_attempt(&mut self) {
        if self.sight.as_ref().is_some_and(|sight| sight.page.kind == PageKind::KlaviyoConsent) {
            self.begun[self.current] = self.klaviyo.latest_attempt();
        }
    }

    /// Opens the callback, and waits until the app has come to rest.
    pub(in crate::runner) async fn open_callback(&mut self, with: CallbackWith) -> Result<StepPhase, BrowserError> {
        let whose = match with {
            CallbackWith::Foreign => (0..self.begun.len()).find(|index| *index != self.current),
            _ => Some(self.current),
        };
        let attempt = whose.and_then(|index| self.begun[index].clone());
        let account = AccountId::from(self.actors.chosen_account().id.as_str());
        let Some(callback) = attempt.and_then(|attempt| self.klaviyo.callback_of(&attempt, &account)) else {
            return Ok(StepPhase::Failed(StepProblem::NoAttempt));
        };
        let Ok(address) = address(&callback, with) else {
            return Ok(StepPhase::Failed(StepProblem::InvalidRedirectUri(callback.redirect_uri)));
        };
        let tampering = Tampering::from(with);
        let path = address.path().to_owned();
        self.user()?.leave_apps_windows().await?;
        self.act(Purpose::Callback(tampering), Gesture::OpenedCallback { path, tampering }).await;
        self.user()?.go_to(address.as_str()).await?;
        self.rest(has_settled).await?;
        Ok(StepPhase::Done)
    }

    /// Reloads the page or goes back, and waits until the app has come to rest.
    pub(in crate::runner) async fn revisit(&mut self, by: RevisitBy) -> Result<StepPhase, BrowserError> {
        match by {
            RevisitBy::Reload => {
                self.act(Purpose::Revisit(Revisit::Reload), Gesture::PressedReload).await;
                self.user()?.reload().await?;
            }
            RevisitBy::Back => {
                self.act(Purpose::Revisit(Revisit::Back), Gesture::PressedBack).await;
                self.user()?.go_back().await?;
            }
        }
        self.rest(has_settled).await?;
        Ok(StepPhase::Done)
    }
}

/// The page is one that goes on no more by itself.
fn has_settled(sight: &PageSnapshot) -> bool {
    match sight.page.kind {
        PageKind::Login | PageKind::BrowserError | PageKind::KlaviyoConsent => true,
        PageKind::Error | PageKind::Installed | PageKind::NotInstalled => sight.page.certainty >= Page::CLEAR,
        _ => false,
    }
}

fn address(callback: &Callback, with: CallbackWith) -> Result<Url, url::ParseError> {
    let mut address = Url::parse(&callback.redirect_uri)?;
    let state = callback.state.clone().filter(|_| with != CallbackWith::Missing);
    let state = if with == CallbackWith::Altered { Some(altered(&state.unwrap_or_default())) } else { state };
    let mut query = address.query_pairs_mut();
    query.append_pair("code", &callback.code);
    if let Some(state) = &state {
        query.append_pair("state", state);
    }
    drop(query);
    Ok(address)
}

/// The same but for one character near the middle: the last ones of an encoded value may carry no bits of it.
fn altered(state: &str) -> String {
    let mut characters: Vec<char> = state.chars().collect();
    let middle = characters.len() / 2;
    match characters.get_mut(middle) {
        Some(character) => *character = if *character == 'b' { 'c' } else { 'b' },
        None => characters.push('b'),
    }
    characters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(with: CallbackWith) -> String {
        let callback = Callback {
            redirect_uri: "http://localhost:3000/callback?tenant=7".to_owned(),
            code: "c&d".to_owned(),
            state: Some("abcde".to_owned()),
        };
        address(&callback, with).unwrap().query().unwrap_or_default().to_owned()
    }

    #[test]
    fn each_callback_differs_from_the_right_one_in_one_thing() {
        assert_eq!(query(CallbackWith::Replayed), "tenant=7&code=c%26d&state=abcde");
        assert_eq!(query(CallbackWith::Missing), "tenant=7&code=c%26d");
        assert_eq!(query(CallbackWith::Altered), "tenant=7&code=c%26d&state=abbde");
    }

    #[test]
    fn an_altered_state_is_another_one() {
        for state in ["", "b", "bb", "1", "0123456789", "ü€"] {
            assert_ne!(altered(state), state);
        }
    }
}
