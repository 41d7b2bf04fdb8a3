//! How many sandbox pages may follow the journal at once, and the signal that ends all of them.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Feeds that may be open at once.
pub(crate) const MAX_FEEDS: usize = 32;

/// Permits for open feeds. Every feed ends when [`FeedSlots::close`] is called.
#[derive(Debug)]
pub(crate) struct FeedSlots {
    permits: Arc<Semaphore>,
    closing: watch::Sender<bool>,
}

impl Default for FeedSlots {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(MAX_FEEDS)), closing: watch::Sender::new(false) }
    }
}

impl FeedSlots {
    /// A permit for one more feed; none while [`MAX_FEEDS`] are open.
    pub(crate) fn acquire(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.permits).try_acquire_owned().ok()
    }

    /// Turns true when all feeds are to end.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Ends every feed.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }
}
