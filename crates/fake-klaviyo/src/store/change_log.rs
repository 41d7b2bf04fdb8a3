//! The changes on their way to the state file.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::store::change::Change;

/// Collects changes. Clones share one log; without a state file it does nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChangeLog(Option<Arc<ChangeLogInner>>);

#[derive(Debug)]
struct ChangeLogInner {
    /// Noted, and not submitted yet.
    noted: Mutex<Vec<Change>>,
    queue: Mutex<Queue>,
    progress: watch::Receiver<Progress>,
}

#[derive(Debug)]
struct Queue {
    /// None once the file is closed.
    to: Option<Sender<Group>>,
    handed: u64,
}

/// Changes that are committed together.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) number: u64,
    pub(crate) changes: Vec<Change>,
}

/// How far the writer has come.
#[derive(Debug, Default, Clone)]
pub(crate) struct Progress {
    pub(crate) committed: u64,
    pub(crate) failed: Option<String>,
}

/// The state file cannot be written any more.
#[derive(Debug, Clone, thiserror::Error)]
#[error(
    "the state file cannot be written ({0}); make room for it and start again: it holds everything that was acknowledged"
)]
pub(crate) struct WriteFailed(String);

impl ChangeLog {
    pub(crate) fn new(to: Sender<Group>, progress: watch::Receiver<Progress>) -> Self {
        let queue = Mutex::new(Queue { to: Some(to), handed: 0 });
        Self(Some(Arc::new(ChangeLogInner { noted: Mutex::default(), queue, progress })))
    }

    /// Notes a change; the closure runs only if there is a state file.
    pub(crate) fn note(&self, change: impl FnOnce() -> Change) {
        if let Some(inner) = &self.0 {
            inner.noted().push(change());
        }
    }

    /// Submits what was noted as one group. Must be called while the state is still locked.
    pub(crate) fn submit(&self) {
        let Some(inner) = &self.0 else { return };
        let noted = std::mem::take(&mut *inner.noted());
        if !noted.is_empty() {
            inner.queue().send(noted);
        }
    }

    /// Submits a change that depends on no other.
    pub(crate) fn submit_one(&self, change: impl FnOnce() -> Change) {
        if let Some(inner) = &self.0 {
            inner.queue().send(vec![change()]);
        }
    }

    /// Waits until everything submitted so far is committed.
    pub(crate) async fn flushed(&self) -> Result<(), WriteFailed> {
        let Some(inner) = &self.0 else { return Ok(()) };
        let handed = inner.queue().handed;
        inner.reached(handed).await
    }

    /// Waits until the file cannot be written any more; otherwise never returns.
    pub(crate) async fn failure(&self) -> WriteFailed {
        match &self.0 {
            Some(inner) => match inner.reached(u64::MAX).await {
                Err(lost) if !lost.0.is_empty() => lost,
                _ => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    }

    /// Accepts no more changes, and waits until those submitted are committed and the file is closed.
    pub(crate) async fn close(&self) {
        let Some(inner) = &self.0 else { return };
        inner.queue().to = None;
        let mut progress = inner.progress.clone();
        // Ends with an error when the writer has dropped its side.
        while progress.changed().await.is_ok() {}
    }
}

impl ChangeLogInner {
    async fn reached(&self, number: u64) -> Result<(), WriteFailed> {
        let mut progress = self.progress.clone();
        let reached = |progress: &Progress| progress.committed >= number || progress.failed.is_some();
        match progress.wait_for(reached).await {
            Ok(progress) => match &progress.failed {
                Some(why) => Err(WriteFailed(why.clone())),
                None => Ok(()),
            },
            Err(_) => Err(WriteFailed(String::new())),
        }
    }

    fn noted(&self) -> MutexGuard<'_, Vec<Change>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn send(&mut self, changes: Vec<Change>) {
        self.handed += 1;
        if let Some(to) = &self.to {
            // Fails only if the writer has failed, which `flushed` reports.
            let _ = to.send(Group { number: self.handed, changes });
        }
    }
}
