//! Pages that keep the user from going on: a script that blocks or crashes the tab, something that covers a control, no page at all.

use url::Url;

use crate::app::Instance;
use crate::browser::{BrowserError, PageSnapshot, User, closes, matches_dismiss};
use crate::evidence::{AppEvent, Event, Gesture, HarnessError, PageKind, Purpose, StepProblem};
use crate::runner::world::step_context::{StepContext, used};
use crate::runner::world::world::World;

/// What browsers say where a server answers, and not as HTTP has it.
const NO_ANSWER_OF_HTTP: [&str; 12] = [
    "net::ERR_TOO_MANY_REDIRECTS",
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_CONNECTION_RESET",
    "net::ERR_CONNECTION_CLOSED",
    "net::ERR_INVALID_HTTP_RESPONSE",
    "net::ERR_INVALID_REDIRECT",
    "net::ERR_CONTENT_LENGTH_MISMATCH",
    "net::ERR_INCOMPLETE_CHUNKED_ENCODING",
    "NS_ERROR_REDIRECT_LOOP",
    "NS_ERROR_NET_RESET",
    "NS_ERROR_NET_EMPTY_RESPONSE",
    "NS_ERROR_NET_PARTIAL_TRANSFER",
];

impl StepContext<'_> {
    /// What a page of the app has done that the browser could not go on with, on the record; any other error comes back as it is.
    pub(in crate::runner) async fn page_fault(&mut self, error: BrowserError) -> Result<StepProblem, BrowserError> {
        let url = self.world.last_address();
        if let Some(crashed) = self.actor.browser().ok().and_then(User::crashed) {
            if let BrowserError::Crashed { how, by_itself: true } = &crashed {
                // Whose fault it is shows when the scenario is played again: see `retry`.
                self.world.recorder.record(Event::App(AppEvent::CrashedTab { url, how: how.clone() }));
            }
            return Err(crashed);
        }
        match error {
            BrowserError::Covered { control, cover, ways } if self.shows_the_app() => {
                let usable = !ways.is_empty();
                let (control, cover) = (self.world.recorder.redact(&control), self.world.recorder.redact(&cover));
                let covered = AppEvent::CoveredControl { url, control: control.clone(), cover: cover.clone(), usable };
                self.world.recorder.record(Event::App(covered));
                Ok(StepProblem::ControlCovered { control, cover })
            }
            error => {
                if !self.world.is_of_the_app(&url) || !self.actor.user()?.end_blocking_script().await {
                    return Err(error);
                }
                tracing::debug!(%error, "a script of the page kept the tab from answering");
                self.world.recorder.record(Event::App(AppEvent::BlockedTab { url }));
                Ok(StepProblem::TabBlocked)
            }
        }
    }

    /// Whether something could be closed that covers a control, as people do without a thought.
    pub(in crate::runner) async fn closes_cover(
        &mut self,
        snapshot: &PageSnapshot,
        ways: &[String],
    ) -> Result<bool, BrowserError> {
        // "OK" and "Continue" may do more than close it.
        let rank = |name: &str| closes(name).or_else(|| matches_dismiss(name).then_some(0));
        let own = snapshot.page.controls.iter().enumerate().filter(|(_, control)| ways.contains(&control.name));
        let surest = own.filter_map(|(at, control)| Some((rank(&control.name)?, std::cmp::Reverse(at)))).max();
        let Some((_, std::cmp::Reverse(close))) = surest else { return Ok(false) };
        self.world.note_act(self.actor.person.label, Purpose::Prepare, Gesture::Clicked(used(&snapshot.page, close)));
        match self.actor.user()?.click(snapshot, close).await {
            Err(BrowserError::Covered { .. }) => Ok(false),
            clicked => clicked.map(|()| true),
        }
    }

    /// Puts on the record that there was no page in which to log in, where the app's own server is the reason.
    pub(in crate::runner) fn note_no_page(&self) {
        let shows_none =
            self.actor.snapshot.as_ref().is_some_and(|snapshot| snapshot.page.kind == PageKind::BrowserError);
        let failed = self.world.recorder.scan(0, |entries| {
            entries.iter().rev().find_map(|entry| match &entry.event {
                Event::Hop(hop) => Some((hop.url.clone(), hop.error.clone()?)),
                _ => None,
            })
        });
        let Some((url, error)) = failed.filter(|_| shows_none) else { return };
        if NO_ANSWER_OF_HTTP.contains(&error.as_str()) && self.world.is_of_the_app(&url) {
            self.world.recorder.record(Event::App(AppEvent::NoPage { url, error }));
        }
    }

    /// Fails where the browser's process that speaks with the network is no longer this one: nothing that was seen in the step shows
    /// anything then.
    pub(in crate::runner) async fn keeps_network(&self, before: Option<u64>) -> Result<(), BrowserError> {
        let now = self.actor.browser()?.network_process().await;
        if before.is_some() && now.is_ok_and(|now| now != before) {
            let ended = BrowserError::NetworkProcessEnded;
            self.world.recorder.record(Event::HarnessError(HarnessError { what: ended.to_string() }));
            return Err(ended);
        }
        Ok(())
    }

    fn shows_the_app(&self) -> bool {
        self.actor.snapshot.as_ref().is_some_and(|snapshot| snapshot.page.kind.is_the_apps())
    }
}

impl World {
    /// How the platform that the app lives in has ended, where it has.
    pub(in crate::runner) fn host_ended(&mut self) -> Option<String> {
        let how = self.host.as_mut().and_then(Instance::has_exited)?;
        let name = self.file.embedding().map_or("", |embedding| &embedding.host.name);
        Some(format!("the host platform {name} {how}"))
    }

    /// The address that the browser asked for last.
    pub(in crate::runner) fn last_address(&self) -> String {
        self.recorder.scan(0, |entries| {
            let hop = entries.iter().rev().find_map(|entry| match &entry.event {
                Event::Hop(hop) => Some(hop.url.clone()),
                _ => None,
            });
            hop.unwrap_or_default()
        })
    }

    /// Whether an address is of a server of the app's own, as `flowcheck.yaml` names them.
    pub(in crate::runner) fn is_of_the_app(&self, url: &str) -> bool {
        let origin = |url: &str| Url::parse(url).ok().map(|url| url.origin());
        let klaviyo = &self.file.klaviyo;
        let named = klaviyo.redirect_uris.iter().chain([&self.file.url, &klaviyo.install_url]);
        origin(url).is_some_and(|of| {
            named.map(|page| origin(&self.address(Some(&page.value), None))).any(|own| own.as_ref() == Some(&of))
        })
    }
}
