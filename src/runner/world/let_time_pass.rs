//! Letting time pass in Klaviyo, and in the app where its clock follows.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::evidence::{Event, HarnessError, error_chain};
use crate::runner::world::world::World;
use crate::scenario::Clock;

/// The shortest time whose passing is not part of what came before, and the shortest timer of an app that ends early when its clock is
/// moved.
const LONG: Duration = Duration::from_mins(1);
/// How long what such timers do may take.
const TIMERS: Duration = Duration::from_secs(1);

impl World {
    /// Lets this much time pass in Klaviyo, and in the app where its clock follows.
    pub(in crate::runner) async fn let_pass(&mut self, span: Duration) {
        if self.time.real {
            return sleep_until(Instant::now() + span).await;
        }
        if span >= LONG {
            self.wait_for_calls_put_off().await;
        }
        self.klaviyo.clock().advance(span);
        self.time.ahead = self.time.ahead.saturating_add(span);
        if let Err(error) = self.app.set_ahead(self.time.ahead) {
            self.recorder.record(Event::HarnessError(HarnessError { what: error_chain(&error) }));
        }
        // Timers of the app that end in this time fire now, and what they do takes a moment.
        if span >= LONG && self.app.clock_follows() {
            sleep_until(Instant::now() + TIMERS).await;
        }
    }

    /// Whether the app meets the pauses between two steps, too.
    pub(in crate::runner) fn passes_for_the_app(&self) -> bool {
        self.time.real || self.app.clock_follows()
    }

    /// How far the app's clock is ahead of the computer's.
    pub(in crate::runner) fn ahead_of_the_app(&self) -> Duration {
        if self.app.clock_follows() { self.time.ahead } else { Duration::ZERO }
    }

    /// Whether the app's clock followed Klaviyo's, and whether it stood still where it was to follow: known once it called Klaviyo.
    pub(in crate::runner) fn clock(&self) -> (bool, bool) {
        let follows = self.app.clock_follows();
        let own = self.file.start.as_ref().is_some_and(|start| start.clock == Clock::Own);
        (follows, !follows && !own && !self.time.real)
    }
}
