//! How time passes in a world: moved, or really waited for with `--real-time`.

use std::time::Duration;

/// How time passes in a world.
#[derive(Debug)]
pub(in crate::runner) struct Time {
    /// It is waited for.
    pub(in crate::runner) real: bool,
    /// How far Klaviyo's clock has been moved.
    pub(in crate::runner) ahead: Duration,
}

impl Time {
    pub(in crate::runner) fn new(real: bool) -> Self {
        Self { real, ahead: Duration::ZERO }
    }
}
