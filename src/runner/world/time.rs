//! How time passes in a world: moved, or really waited for with `--real-time`.

use std::time::Duration;

/// How time passes in a world.
#[derive(Debug)]
pub(in crate::runner) struct Time {
    /// It is waited for.
    pub(in crate::runner) real: bool,
    /// The app's clock moves along with Klaviyo's.
    pub(in crate::runner) follows: bool,
    /// How far Klaviyo's clock has been moved.
    pub(in crate::runner) ahead: Duration,
}

impl Time {
    pub(in crate::runner) fn new(real: bool, follows: bool) -> Self {
        Self { real, follows, ahead: Duration::ZERO }
    }

    /// Whether the app meets the pauses between two steps, too.
    pub(in crate::runner) fn passes_for_the_app(&self) -> bool {
        self.real || self.follows
    }

    /// How far the app's clock is ahead of the computer's.
    pub(in crate::runner) fn ahead_of_the_app(&self) -> Duration {
        if self.follows { self.ahead } else { Duration::ZERO }
    }
}
