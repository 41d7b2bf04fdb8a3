//! Letting time pass in Klaviyo, and in the app where its clock follows.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::evidence::{Event, HarnessError, error_chain};
use crate::runner::world::world::World;

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
