//! A WebDriver session: its commands, one at a time, and the window that they go to.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use fantoccini::Client;
use fantoccini::wd::{Capabilities, WindowHandle};
use tokio::time::timeout;

use crate::browser::BrowserError;
use crate::browser::session::remote::Lease;

/// How long any one WebDriver command may take.
pub(in crate::browser) const COMMAND: Duration = Duration::from_secs(30);

/// A session that was opened.
pub(in crate::browser) struct Opened {
    pub(in crate::browser) client: Client,
    pub(in crate::browser) granted: Capabilities,
    /// What has to be given back, where the end is elsewhere.
    pub(in crate::browser) lease: Option<Lease>,
}

/// A WebDriver session and the window its commands go to.
#[derive(Debug)]
pub(in crate::browser) struct Session {
    client: Client,
    window: tokio::sync::Mutex<Option<String>>,
    lease: Mutex<Option<Lease>>,
}

impl Session {
    pub(in crate::browser) fn new(opened: Opened) -> Self {
        let Opened { client, lease, .. } = opened;
        Self { client, window: tokio::sync::Mutex::new(None), lease: Mutex::new(lease) }
    }

    /// Runs one command in the given window, with a deadline.
    pub(in crate::browser) async fn command<T, F>(
        &self,
        window: Option<&str>,
        what: &str,
        command: impl FnOnce(Client) -> F,
    ) -> Result<T, BrowserError>
    where
        F: Future<Output = Result<T, fantoccini::error::CmdError>>,
    {
        let failed = |source| BrowserError::Command { what: what.to_owned(), source: Box::new(source) };
        let slow = |_| BrowserError::Timeout { what: what.to_owned(), after: COMMAND };
        tracing::trace!("asked the browser: {what}");
        // Held across the command: the window is the session's, not the command's.
        let mut current = self.window.lock().await;
        if let Some(window) = window
            && current.as_deref() != Some(window)
        {
            let handle =
                WindowHandle::try_from(window.to_owned()).map_err(|_| BrowserError::Gone("its window".to_owned()))?;
            timeout(COMMAND, self.client.switch_to_window(handle)).await.map_err(slow)?.map_err(failed)?;
            *current = Some(window.to_owned());
        }
        timeout(COMMAND, command(self.client.clone())).await.map_err(slow)?.map_err(failed)
    }

    /// Forgets which window is current, since it was closed.
    pub(in crate::browser) async fn forget_window(&self) {
        *self.window.lock().await = None;
    }

    pub(in crate::browser) async fn close(&self) {
        if !matches!(timeout(COMMAND, self.client.clone().close()).await, Ok(Ok(()))) {
            tracing::debug!("the session was gone already");
            return;
        }
        if let Some(lease) = self.lease.lock().unwrap_or_else(PoisonError::into_inner).take() {
            lease.settle();
        }
    }
}
