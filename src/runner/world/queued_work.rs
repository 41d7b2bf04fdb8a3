//! Work that an app takes on and does after it has answered.

use std::time::Duration;

use hyper::StatusCode;
use tokio::time::{Instant, timeout, timeout_at};

use crate::app::ActionOutcome;
use crate::evidence::{Entry, Event, Facts};
use crate::runner::world::owed_calls::{Owed, owed, put_off};
use crate::runner::world::world::World;

/// How long an app may take to begin work that it has queued.
const BEGINS: Duration = Duration::from_millis(1_500);
/// How long no call may come until queued work is taken to be done.
const QUIET: Duration = Duration::from_millis(400);
/// How long a call may take to be made again once a new token is there: a queue takes it up in its next round.
const REPEATS: Duration = Duration::from_secs(5);
/// The longest that queued work is waited for.
const LONGEST: Duration = Duration::from_secs(10);

impl World {
    /// Waits for the calls of work that the app was asked to do since a place on the timeline, where its answer says that it will
    /// be done (202), no call had come until then, or one is to be made again.
    pub(in crate::runner) async fn wait_for_queued_work(&self, since: u32, outcome: &ActionOutcome) {
        let accepted =
            matches!(outcome, ActionOutcome::Answered { status, .. } if *status == StatusCode::ACCEPTED.as_u16());
        let mut seen = self.calls(since);
        if !accepted && seen > 0 && self.owed(since) == Owed::Nothing {
            return;
        }
        let deadline = Instant::now() + LONGEST;
        let mut changes = self.recorder.watch();
        let next = |seen: usize| match seen {
            0 => BEGINS,
            _ if self.owed(since) == Owed::ACall => REPEATS,
            _ => QUIET,
        };
        let mut until = Instant::now() + next(seen);
        while until <= deadline {
            // An error means that the recorder is gone, and with it all news.
            match timeout(until.saturating_duration_since(Instant::now()), changes.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return,
            }
            let calls = self.calls(since);
            if calls > seen {
                seen = calls;
                until = (Instant::now() + next(seen)).min(deadline);
            }
        }
    }

    /// Waits until the app has made the calls again that Klaviyo has put off (429), or the time is over that Klaviyo named: they belong to
    /// what was before.
    pub(in crate::runner) async fn wait_for_calls_put_off(&self) {
        let mut changes = self.recorder.watch();
        let wait = |put_off: Duration| put_off.min(REPEATS) + QUIET;
        let Some(put_off) = self.put_off() else { return };
        let deadline = Instant::now() + wait(put_off);
        while self.put_off().is_some() {
            // An error means that the time is over, or that the recorder is gone.
            let Ok(Ok(())) = timeout_at(deadline, changes.changed()).await else { return };
        }
    }

    /// How long Klaviyo has put off a call that was not made again yet.
    fn put_off(&self) -> Option<Duration> {
        self.recorder.scan(0, |entries| put_off(entries.iter()))
    }

    fn owed(&self, since: u32) -> Owed {
        self.recorder.scan(since, |entries| owed(entries.iter()))
    }

    /// Calls to Klaviyo since a place on the timeline.
    fn calls(&self, since: u32) -> usize {
        self.recorder.scan(since, |entries| entries.iter().filter(|entry| is_call(entry)).count())
    }
}

fn is_call(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Api(_) | Facts::Token(_)))
}
