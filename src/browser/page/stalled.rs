//! A page that did not come to rest.

use std::time::Duration;

/// A page that was given up.
#[derive(Debug, Clone)]
pub struct Stalled {
    /// Its address, with secrets replaced; empty where it had come to its end, and a script of it went on.
    pub url: String,
    /// Whether its answer had begun.
    pub begun: bool,
    /// Whether a script of its own kept it from being read.
    pub blocked: bool,
    /// How long was waited.
    pub after: Duration,
}
