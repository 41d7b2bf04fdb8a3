//! Time that passes in a world: moved, or waited for by who wants that.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::stage::Stage;
use crate::evidence::{Event, HarnessError, error_chain};

/// How time passes in a world.
#[derive(Debug)]
pub(super) struct Time {
    /// It is waited for.
    real: bool,
    /// The app's clock moves along with Klaviyo's.
    pub(super) follows: bool,
    /// How far Klaviyo's clock has been moved.
    ahead: Duration,
}

impl Time {
    pub(super) fn new(real: bool, follows: bool) -> Self {
        Self { real, follows, ahead: Duration::ZERO }
    }

    /// Whether the app meets the pauses between two steps, too.
    pub(super) fn passes_for_the_app(&self) -> bool {
        self.real || self.follows
    }
}

impl Time {
    /// How far the app's clock is ahead of the computer's.
    pub(super) fn ahead_of_the_app(&self) -> Duration {
        if self.follows { self.ahead } else { Duration::ZERO }
    }
}

impl Stage {
    /// Lets this much time pass in Klaviyo, and in the app where its clock follows.
    pub(super) async fn let_pass(&mut self, span: Duration) {
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
