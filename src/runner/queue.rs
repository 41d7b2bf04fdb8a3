//! Scenarios that wait for a worker.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::scenario::Loaded;

/// Scenarios that wait for a worker, each with its place in the plan.
#[derive(Debug)]
pub(super) struct Queue {
    waiting: Mutex<VecDeque<(usize, Arc<Loaded>)>>,
    drained: watch::Sender<bool>,
}

impl Queue {
    pub(super) fn new(waiting: VecDeque<(usize, Arc<Loaded>)>) -> Self {
        Self { drained: watch::Sender::new(waiting.is_empty()), waiting: Mutex::new(waiting) }
    }

    /// The next one, if any is left.
    pub(super) fn next(&self) -> Option<(usize, Arc<Loaded>)> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let next = waiting.pop_front();
        self.drained.send_replace(waiting.is_empty());
        next
    }

    /// Waits until none is left.
    pub(super) async fn drained(&self) {
        // The sender is as old as this value.
        let _ = self.drained.subscribe().wait_for(|drained| *drained).await;
    }
}
