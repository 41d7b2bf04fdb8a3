//! Accepts connections and serves each in a task of its own.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::http::connections::Connections;
use crate::http::handler::HttpHandler;

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
    let mut connections = Connections::default();
    loop {
        let (stream, _) = tokio::select! {
            accepted = connections.accept(&listener) => accepted,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        // Responses are small and whole; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let http_handler = http_handler.clone();
        let mut stopped = stopped.clone();
        connections.spawn(|activity| async move {
            let stop = async move { drop(stopped.wait_for(|stopped| *stopped).await) };
            http_handler.serve_watched(stream, activity, stop).await;
        });
    }
    drop(listener);
    connections.ended().await;
}
