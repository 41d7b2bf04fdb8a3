//! Work that an app takes on and does after it has answered.

use std::time::Duration;

use hyper::StatusCode;
use tokio::time::{Instant, timeout};

use crate::app::ActionOutcome;
use crate::evidence::{Entry, Event, Facts};
use crate::runner::world::world::World;

/// How long an app may take to begin work that it has queued.
const BEGINS: Duration = Duration::from_millis(1_500);
/// How long no call may come until queued work is taken to be done.
const QUIET: Duration = Duration::from_millis(400);
/// The longest that queued work is waited for.
const LONGEST: Duration = Duration::from_secs(10);

impl World {
    /// Waits for the calls of work that the app was asked to do since a place on the timeline, where its answer says that it will
    /// be done (202), or no call had come until then.
    pub(in crate::runner) async fn wait_for_queued_work(&self, since: u32, outcome: &ActionOutcome) {
        let accepted =
            matches!(outcome, ActionOutcome::Answered { status, .. } if *status == StatusCode::ACCEPTED.as_u16());
        if !accepted && self.calls(since) > 0 {
            return;
        }
        let deadline = Instant::now() + LONGEST;
        let mut changes = self.recorder.watch();
        let mut seen = self.calls(since);
        let mut until = Instant::now() + if seen > 0 { QUIET } else { BEGINS };
        while until <= deadline {
            // An error means that the recorder is gone, and with it all news.
            match timeout(until.saturating_duration_since(Instant::now()), changes.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return,
            }
            let calls = self.calls(since);
            if calls > seen {
                seen = calls;
                until = Instant::now() + QUIET;
            }
        }
    }

    /// Calls to Klaviyo since a place on the timeline.
    fn calls(&self, since: u32) -> usize {
        self.recorder.scan(since, |entries| entries.iter().filter(|entry| is_call(entry)).count())
    }
}

fn is_call(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Exchange(exchange) if matches!(exchange.facts, Facts::Api(_) | Facts::Token(_)))
}
