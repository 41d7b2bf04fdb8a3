//! Accepts connections, up to a limit, and serves each in a task of its own.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::http::handler::{ConnInfo, HttpHandler};
use crate::http::request::Scheme;

/// How many connections are served at once; further ones wait to be accepted.
const MAX_CONNECTIONS: usize = 1_024;
/// How long to wait after an error, such as having no file descriptor left.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(20);

/// The running accept loop.
#[derive(Debug)]
pub(crate) struct Listener {
    stopping: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Listener {
    /// Starts to accept connections.
    pub(crate) fn start(listener: TcpListener, http_handler: HttpHandler) -> Self {
        let (stopping, stopped) = watch::channel(false);
        Self { stopping, running: tokio::spawn(accept(listener, http_handler, stopped)) }
    }

    /// Stops accepting and waits, up to `within`, for responses that are being sent.
    pub(crate) async fn stop(mut self, within: Duration) {
        self.stopping.send_replace(true);
        // After the deadline this value is dropped, which aborts the loop and its connections.
        let _ = tokio::time::timeout(within, &mut self.running).await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn accept(listener: TcpListener, http_handler: HttpHandler, mut stopped: watch::Receiver<bool>) {
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let permit = tokio::select! {
            Ok(permit) = Arc::clone(&permits).acquire_owned() => permit,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(PAUSE_AFTER_ERROR).await;
            continue;
        };
        // Responses are small and whole; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let http_handler = http_handler.clone();
        let mut stopped = stopped.clone();
        connections.spawn(async move {
            let stop = async move { drop(stopped.wait_for(|stopped| *stopped).await) };
            http_handler.serve(stream, ConnInfo { scheme: Scheme::Http }, stop).await;
            drop(permit);
        });
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}
