//! The accept loop: tells TLS from cleartext.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::context::EndpointContext;
use super::proxy::{http, tls};
use super::stats::Ingress;
use crate::klaviyo::embed::{Activity, Connections};

/// The first byte of a TLS handshake (R 8446 §5.1), with which no HTTP request begins.
const TLS_HANDSHAKE: u8 = 0x16;

/// A running accept loop. Dropping it closes its connections.
#[derive(Debug)]
pub(crate) struct Listener {
    stopping: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Listener {
    /// Starts accepting.
    pub(crate) fn start(listener: TcpListener, context: Arc<EndpointContext>) -> Self {
        let (stopping, stopped) = watch::channel(false);
        Self { stopping, running: tokio::spawn(accept(listener, context, stopped)) }
    }

    /// Stops accepting and waits up to `within` for pending responses.
    pub(crate) async fn stop(mut self, within: Duration) {
        self.stopping.send_replace(true);
        // Past the deadline the loop is aborted as this value drops, and its connections with it.
        let _ = timeout(within, &mut self.running).await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn accept(listener: TcpListener, context: Arc<EndpointContext>, mut stopped: watch::Receiver<bool>) {
    let mut connections = Connections::default();
    loop {
        let (stream, from) = tokio::select! {
            accepted = connections.accept(&listener) => accepted,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        connections.spawn(|activity| {
            serve(stream, context.for_connection(from.ip(), activity.clone()), activity, stopped.clone())
        });
    }
    drop(listener);
    connections.ended().await;
}

async fn serve(
    stream: TcpStream,
    context: Arc<EndpointContext>,
    activity: Activity,
    mut stopped: watch::Receiver<bool>,
) {
    // Responses are small and written whole; Nagle's algorithm would only delay them.
    let _ = stream.set_nodelay(true);
    let mut first = [0];
    let peeked = tokio::select! {
        peeked = timeout(context.idle_timeout, stream.peek(&mut first)) => peeked,
        _ = stopped.wait_for(|stopped| *stopped) => return,
    };
    let Ok(Ok(1)) = peeked else { return };
    let stream = activity.watch(stream);
    if first[0] == TLS_HANDSHAKE {
        tls::serve(stream, &context, Ingress::Sni, stopped).await;
    } else {
        http::serve(stream, &context, stopped).await;
    }
}
