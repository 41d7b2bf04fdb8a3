//! A page that did not come to rest.

use std::time::Duration;

/// A page that was given up.
#[derive(Debug, Clone)]
pub struct Stalled {
    /// Its address, with secrets replaced.
    pub url: String,
    /// Whether its answer had begun.
    pub begun: bool,
    /// How long was waited.
    pub after: Duration,
}
