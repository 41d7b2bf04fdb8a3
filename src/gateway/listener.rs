//! The accept loop. Idle connections do not block others: above a limit, the one that has been idle longest is closed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::timeout;

use super::context::EndpointContext;
use super::proxy::{http, tls};
use super::stats::Ingress;

/// Open connections above which idle ones are closed.
const CONNECTIONS: usize = 1_024;
/// Pause after `accept` fails because no file descriptor is left.
const REST_AFTER_ERROR: Duration = Duration::from_millis(20);
/// The first byte of a TLS handshake (R 8446 §5.1), with which no HTTP request begins.
const TLS_HANDSHAKE: u8 = 0x16;

/// A running accept loop. Dropping it closes its connections.
#[derive(Debug)]
pub(crate) struct Listener {
    stopping: watch::Sender<bool>,
    running: JoinHandle<()>,
}

/// A connection that may not have sent anything yet.
struct IdleConnection {
    spoke: Arc<AtomicBool>,
    task: AbortHandle,
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
    let mut connections = JoinSet::new();
    let mut silent = VecDeque::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        while connections.try_join_next().is_some() {}
        let Ok((stream, from)) = accepted else {
            close_longest_idle(&mut silent);
            tokio::time::sleep(REST_AFTER_ERROR).await;
            continue;
        };
        if connections.len() >= CONNECTIONS {
            close_longest_idle(&mut silent);
        }
        let spoke = Arc::new(AtomicBool::new(false));
        let task = connections.spawn(serve(stream, context.for_peer(from.ip()), Arc::clone(&spoke), stopped.clone()));
        silent.retain(|known: &IdleConnection| !known.spoke.load(Ordering::Relaxed) && !known.task.is_finished());
        silent.push_back(IdleConnection { spoke, task });
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

fn close_longest_idle(silent: &mut VecDeque<IdleConnection>) {
    while let Some(candidate) = silent.pop_front() {
        if !candidate.spoke.load(Ordering::Relaxed) && !candidate.task.is_finished() {
            candidate.task.abort();
            return;
        }
    }
}

async fn serve(
    stream: TcpStream,
    context: Arc<EndpointContext>,
    spoke: Arc<AtomicBool>,
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
    spoke.store(true, Ordering::Relaxed);
    if first[0] == TLS_HANDSHAKE {
        tls::serve(stream, &context, Ingress::Sni, stopped).await;
    } else {
        http::serve(stream, &context, stopped).await;
    }
}
