//! Apps that misbehave: that end, hang, call Klaviyo without end, or refuse logins.

use std::collections::HashMap;
use std::future::Future;

use crate::browser::{BrowserError, Stalled};
use crate::evidence::{AppEvent, Entry, Event, Facts, Page, Recorder, StepProblem};
use crate::runner::world::world::World;

/// Milliseconds within which calls are counted.
const WINDOW_MS: u64 = 5_000;
/// Calls of one endpoint within that time that no app has need of: of the token endpoint, of any other that Klaviyo refuses,
/// and of any other.
const TOKEN_STORM: u32 = 50;
const REFUSED_STORM: u32 = 100;
const STORM: u32 = 2_000;

/// How often in a scenario an app that ends is started again.
const MOST_STARTS: usize = 2;

impl World {
    /// Puts on the record that the app has ended, or left the user waiting, while a page was waited for.
    pub(in crate::runner) fn note_incidents(&mut self) -> Result<(), BrowserError> {
        if let Some(Stalled { url, begun, after }) = self.user()?.stalled() {
            let after_ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
            self.recorder.record(Event::App(AppEvent::Stalled { url, begun, after_ms }));
        }
        if let Some(how) = self.app.exited() {
            self.ended = Some(how);
        }
        Ok(())
    }

    /// Starts the app again that has ended, so that what does not depend on how it ended can still be judged; whether it could be.
    pub(in crate::runner) async fn start_again(&mut self) -> bool {
        self.started_again += 1;
        self.started_again <= MOST_STARTS && self.app.restart_after_exit().await
    }

    /// What a page says of a login that was refused because there were too many; on the record where there is something.
    pub(in crate::runner) fn note_limited_login(&self, page: &Page) -> Option<StepProblem> {
        if page.status != Some(429) {
            return None;
        }
        let headline = page.headline();
        self.recorder.record(Event::App(AppEvent::LimitedLogin(format!("429, \"{headline}\""))));
        Some(StepProblem::LoginLimited { status: 429, headline })
    }
}

/// Waits until the app calls one endpoint of Klaviyo's without end, and says so.
pub(in crate::runner) fn storm(recorder: &Recorder) -> impl Future<Output = AppEvent> + use<> {
    let recorder = recorder.clone();
    let mut news = recorder.watch();
    async move {
        let mut counts = Counts::default();
        let mut next = 0;
        loop {
            next = recorder.scan(next, |entries| {
                for entry in entries {
                    counts.count(entry);
                }
                entries.last().map_or(next, |entry| entry.seq + 1)
            });
            if let Some(storm) = counts.storm() {
                return storm;
            }
            if news.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }
}

/// Calls of each endpoint within the window that is open.
#[derive(Debug, Default)]
struct Counts {
    by_endpoint: HashMap<String, Count>,
    found: Option<AppEvent>,
}

#[derive(Debug, Default)]
struct Count {
    since_ms: u64,
    calls: u32,
    refused: u32,
}

impl Counts {
    fn count(&mut self, entry: &Entry) {
        let Event::Exchange(exchange) = &entry.event else { return };
        let of_token = matches!(exchange.facts, Facts::Token(_));
        if !of_token && !matches!(exchange.facts, Facts::Api(_)) {
            return;
        }
        let endpoint = format!("{} {}", exchange.method, exchange.path);
        let count = self.by_endpoint.entry(endpoint.clone()).or_default();
        if entry.at_ms.saturating_sub(count.since_ms) > WINDOW_MS {
            *count = Count { since_ms: entry.at_ms, ..Count::default() };
        }
        count.calls += 1;
        count.refused += u32::from(exchange.status >= 400);
        let storms = of_token && count.calls >= TOKEN_STORM || count.refused >= REFUSED_STORM || count.calls >= STORM;
        if storms && self.found.is_none() {
            let within_ms = entry.at_ms - count.since_ms;
            self.found = Some(AppEvent::Stormed { endpoint, calls: count.calls, within_ms });
        }
    }

    fn storm(&mut self) -> Option<AppEvent> {
        self.found.take()
    }
}
