//! How lively a browsing context is.

use tokio::time::Instant;

/// How lively the context is.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, Copy)]
pub(in crate::browser) struct Activity {
    /// When it last navigated or fetched, but for what it asks for at regular intervals.
    pub(in crate::browser) last: Instant,
    /// When a request last set out.
    pub(in crate::browser) asked: Instant,
    /// Requests under way, but for streams, which stay open as long as their page is there.
    pub(in crate::browser) fetching: usize,
    /// Whether a document is loading.
    pub(in crate::browser) loading: bool,
    /// Whether a page's own request is under way.
    pub(in crate::browser) asking: bool,
    /// Whether requests are open that nothing waits for.
    pub(in crate::browser) holding: bool,
    /// Whether it asks for something at regular intervals.
    pub(in crate::browser) polls: bool,
    /// Whether a document was asked for whose answer has not begun yet.
    pub(in crate::browser) awaiting: bool,
}

impl Activity {
    /// Whether there is something to wait for.
    pub(in crate::browser) fn is_busy(self) -> bool {
        self.loading || self.fetching > 0
    }

    /// Nothing is under way.
    pub(in crate::browser) fn none() -> Self {
        let last = Instant::now();
        Self {
            last,
            asked: last,
            fetching: 0,
            loading: false,
            asking: false,
            holding: false,
            polls: false,
            awaiting: false,
        }
    }
}
