//! Time that passes in a world: moved, or waited for by who wants that.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::evidence::{Event, HarnessError, error_chain};
use crate::runner::world::world::World;

/// How time passes in a world.
#[derive(Debug)]
pub(in crate::runner) struct Time {
    /// It is waited for.
    real: bool,
    /// The app's clock moves along with Klaviyo's.
    pub(in crate::runner) follows: bool,
    /// How far Klaviyo's clock has been moved.
    ahead: Duration,
}

impl Time {
    pub(in crate::runner) fn new(real: bool, follows: bool) -> Self {
        Self { real, follows, ahead: Duration::ZERO }
    }

    /// Whether the app meets the pauses between two steps, too.
    pub(in crate::runner) fn passes_for_the_app(&self) -> bool {
        self.real || self.follows
    }
}

impl Time {
    /// How far the app's clock is ahead of the computer's.
    pub(in crate::runner) fn ahead_of_the_app(&self) -> Duration {
        if self.follows { self.ahead } else { Duration::ZERO }
    }
}

impl World {
    /// Lets this much time pass in Klaviyo, and in the app where its clock follows.
    pub(in crate::runner) async fn let_pass(&mut self, span: Duration) {
        if self.time.real {
            return sleep_until(Instant::now() + span).await;
        }
        self.klaviyo.clock().advance(span);
        self.time.ahead = self.time.ahead.saturating_add(span);
        if let Err(error) = self.app.set_ahead(self.time.ahead) {
            self.recorder.record(Event::HarnessError(HarnessError { what: error_chain(&error) }));
        }
    }
}
