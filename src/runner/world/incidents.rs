//! Apps that misbehave: that end, hang, call Klaviyo without end, or refuse logins.

use std::collections::HashMap;
use std::future::Future;

use crate::browser::{BrowserError, Stalled};
use crate::checklist::Problem;
use crate::evidence::{Act, AppEvent, Entry, Event, Facts, Page, PageRef, Purpose, Recorder, StepProblem};
use crate::runner::world::step_context::StepContext;
use crate::runner::world::world::World;

/// Calls of one endpoint since the app was started that no app has need of: some that it may make by itself, some more for each act
/// of a user and each request that it is sent, and some for each second.
struct Allowance {
    by_itself: u64,
    for_each_request: u64,
    for_each_second: u64,
}

/// Of the token endpoint, of any other that Klaviyo refuses, and of any other.
const TOKEN: Allowance = Allowance { by_itself: 50, for_each_request: 10, for_each_second: 1 };
const REFUSED: Allowance = Allowance { by_itself: 100, for_each_request: 20, for_each_second: 2 };
const ANY: Allowance = Allowance { by_itself: 2_000, for_each_request: 100, for_each_second: 20 };
/// Milliseconds that calls must go on after the allowance is used up, or they had an end.
const NO_END_MS: u64 = 1_500;

/// How often in a scenario an app that ends is started again.
const MOST_STARTS: usize = 2;

impl StepContext<'_> {
    /// Puts on the record that the app has ended, or left the user waiting, while a page was waited for.
    pub(in crate::runner) async fn note_incidents(&mut self) -> Result<(), BrowserError> {
        let stalled = self.actor.user()?.stalled();
        match stalled {
            Some(Stalled { blocked: true, .. }) => {
                self.world.recorder.record(Event::App(AppEvent::BlockedTab { url: self.world.last_address() }));
            }
            Some(Stalled { url, begun, after, .. }) => {
                let after_ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
                self.world.recorder.record(Event::App(AppEvent::Stalled { url, begun, after_ms }));
            }
            None => {}
        }
        if let Some(how) = self.world.app.ended().await {
            self.world.ended = Some(how);
        }
        Ok(())
    }

    /// What the app's own failure says, where it answers with one before the first step: then no setting can help.
    pub(in crate::runner) fn fails_before_the_first_step(&self) -> Option<Problem> {
        let page = &self.actor.snapshot.as_ref().filter(|_| self.world.preparing)?.page;
        let status = page.status.filter(|status| (500..600).contains(status))?;
        Some(Problem::new(format!("the app answers {status} at {}; its log tells more", PageRef::of(page))))
    }
}

impl World {
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
    let mut changes = recorder.watch();
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
            if changes.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }
}

/// Calls of each endpoint since the app was started last, and what it was given to do.
#[derive(Debug, Default)]
struct Counts {
    by_endpoint: HashMap<String, Count>,
    started_ms: u64,
    requests: u64,
    found: Option<AppEvent>,
}

#[derive(Debug, Default)]
struct Count {
    since_ms: u64,
    calls: u32,
    refused: u32,
    /// When the allowance was used up.
    exceeded_ms: Option<u64>,
}

impl Allowance {
    fn is_used_up(&self, calls: u32, requests: u64, seconds: u64) -> bool {
        let allowed = self.by_itself + self.for_each_request * requests + self.for_each_second * seconds;
        u64::from(calls) >= allowed
    }
}

impl Counts {
    fn count(&mut self, entry: &Entry) {
        let exchange = match &entry.event {
            Event::Exchange(exchange) => exchange,
            // What an earlier process did is over.
            Event::App(AppEvent::Ready(_)) => {
                *self = Self { started_ms: entry.at_ms, ..Self::default() };
                return;
            }
            Event::Act(Act { purpose: Purpose::Rush(times), .. }) => {
                self.requests += 2 * u64::from(*times);
                return;
            }
            Event::Act(_) | Event::Hop(_) | Event::Probe(_) | Event::App(AppEvent::Triggered(_)) => {
                self.requests += 1;
                return;
            }
            _ => return,
        };
        let of_token = matches!(exchange.facts, Facts::Token(_));
        if !of_token && !matches!(exchange.facts, Facts::Api(_)) {
            return;
        }
        let endpoint = format!("{} {}", exchange.method, exchange.path);
        let count = self.by_endpoint.entry(endpoint.clone()).or_default();
        if count.calls == 0 {
            count.since_ms = entry.at_ms;
        }
        count.calls += 1;
        count.refused += u32::from(exchange.status >= 400);
        let seconds = entry.at_ms.saturating_sub(self.started_ms) / 1_000;
        let exceeded = of_token && TOKEN.is_used_up(count.calls, self.requests, seconds)
            || REFUSED.is_used_up(count.refused, self.requests, seconds)
            || ANY.is_used_up(count.calls, self.requests, seconds);
        if !exceeded {
            count.exceeded_ms = None;
            return;
        }
        let since = *count.exceeded_ms.get_or_insert(entry.at_ms);
        if entry.at_ms.saturating_sub(since) >= NO_END_MS && self.found.is_none() {
            let within_ms = entry.at_ms - count.since_ms;
            let status = exchange.status;
            self.found = Some(AppEvent::Stormed { endpoint, calls: count.calls, within_ms, status });
        }
    }

    fn storm(&mut self) -> Option<AppEvent> {
        self.found.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A recorded exchange with the token endpoint, at another time.
    fn token_call(seq: u32, at_ms: u64) -> Entry {
        let recording = include_str!("../../../fixtures/evidence/honest/oauth-refresh-once.json");
        let evidence: crate::evidence::Evidence = serde_json::from_str(recording).expect("a recording");
        let is_token = |entry: &&Entry| matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Token(_)));
        let event = evidence.timeline.iter().find(is_token).expect("it has one").event.clone();
        Entry { seq, at_ms, event }
    }

    fn counted(entries: &[Entry]) -> Option<AppEvent> {
        let mut counts = Counts::default();
        for entry in entries {
            counts.count(entry);
        }
        counts.storm()
    }

    fn ready(at_ms: u64) -> Entry {
        Entry { seq: 0, at_ms, event: Event::App(AppEvent::Ready(String::new())) }
    }

    fn triggered(at_ms: u64) -> Entry {
        Entry { seq: 0, at_ms, event: Event::App(AppEvent::Triggered(String::new())) }
    }

    #[test]
    fn calls_without_end_are_a_storm_however_fast_they_come() {
        for pause_ms in [1, 50, 200] {
            let calls: Vec<Entry> = (0..4_000).map(|call| token_call(call, u64::from(call) * pause_ms)).collect();
            assert!(matches!(counted(&calls), Some(AppEvent::Stormed { .. })), "{pause_ms}");
        }
    }

    #[test]
    fn calls_that_end_are_none_and_neither_are_those_that_flowcheck_made_the_app_make() {
        let burst: Vec<Entry> = (0..200).map(|call| token_call(call, u64::from(call))).collect();
        assert_eq!(counted(&burst), None);
        let asked: Vec<Entry> =
            (0..400).flat_map(|call| [triggered(call * 20), token_call(0, call * 20 + 1)]).collect();
        assert_eq!(counted(&asked), None);
    }

    #[test]
    fn what_came_before_the_last_start_does_not_count() {
        let mut entries: Vec<Entry> = (0..60).map(|call| token_call(call, 0)).collect();
        entries.push(ready(10_000));
        entries.extend((0..40).map(|call| token_call(call, 10_000 + u64::from(call) * 100)));
        assert_eq!(counted(&entries), None);
    }
}
