//! The open connections of a listener: their number is limited, and where it is reached, the most silent goes first.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::sleep;

/// How many connections are open at once.
const MOST: usize = 1_024;
/// How long to wait for room where every connection's request is being answered, and after an error, such as no file descriptor being left.
const PAUSE: Duration = Duration::from_millis(20);
/// What times are counted from.
static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The open connections of a listener. Dropping them closes them.
///
/// ```no_run
/// use fake_klaviyo::embed::{Activity, Connections};
///
/// # async fn serve(_: tokio::net::TcpStream, _: Activity) {}
/// # async fn accept(listener: tokio::net::TcpListener) {
/// let mut connections = Connections::default();
/// loop {
///     let (stream, _) = connections.accept(&listener).await;
///     connections.spawn(|activity| serve(stream, activity));
/// }
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Connections {
    tasks: JoinSet<()>,
    open: Vec<(Activity, AbortHandle)>,
}

/// When a connection's client last sent or received something, and whether it waits for a response.
#[derive(Debug, Clone)]
pub struct Activity(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// In microseconds.
    last: AtomicU64,
    answering: AtomicUsize,
}

impl Connections {
    /// Waits for a client to connect, and makes room for it.
    pub async fn accept(&mut self, listener: &TcpListener) -> (TcpStream, SocketAddr) {
        loop {
            if let Ok(accepted) = listener.accept().await {
                while self.count() >= MOST && !self.close_most_silent() {
                    sleep(PAUSE).await;
                }
                return accepted;
            }
            self.count();
            self.close_most_silent();
            sleep(PAUSE).await;
        }
    }

    /// Serves a connection in a task of its own. What it reads and writes must be [watched](Activity::watch).
    pub fn spawn<F: Future<Output = ()> + Send + 'static>(&mut self, serve: impl FnOnce(Activity) -> F) {
        let activity = Activity::new();
        let task = self.tasks.spawn(serve(activity.clone()));
        self.open.push((activity, task));
    }

    /// Waits until all have ended.
    pub async fn ended(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }

    /// How many are open.
    fn count(&mut self) -> usize {
        while self.tasks.try_join_next().is_some() {}
        self.open.retain(|(_, task)| !task.is_finished());
        self.open.len()
    }

    /// Closes the one that has been silent the longest, but none whose request is being answered; returns whether there was one.
    fn close_most_silent(&mut self) -> bool {
        let silent = self.open.iter().enumerate().filter(|(_, (activity, _))| !activity.is_answered());
        let Some((at, _)) = silent.min_by_key(|(_, (activity, _))| activity.0.last.load(Ordering::Relaxed)) else {
            return false;
        };
        self.open.swap_remove(at).1.abort();
        true
    }
}

impl Activity {
    fn new() -> Self {
        let activity = Self(Arc::new(Inner { last: AtomicU64::new(0), answering: AtomicUsize::new(0) }));
        activity.touch();
        activity
    }

    /// A stream of this connection, whose traffic counts.
    pub fn watch<S>(&self, stream: S) -> Watched<S> {
        Watched { stream, activity: self.clone() }
    }

    /// A request has been read whole; until the guard is dropped, the silence is not its client's.
    pub fn answering(&self) -> Answering {
        self.0.answering.fetch_add(1, Ordering::Relaxed);
        Answering(self.clone())
    }

    fn is_answered(&self) -> bool {
        self.0.answering.load(Ordering::Relaxed) > 0
    }

    fn touch(&self) {
        let now = u64::try_from(BEGAN.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.0.last.store(now, Ordering::Relaxed);
    }
}

/// A request is being answered.
#[derive(Debug)]
pub struct Answering(Activity);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.0.answering.fetch_sub(1, Ordering::Relaxed);
        self.0.touch();
    }
}

/// A stream whose traffic counts as its connection's activity.
#[derive(Debug)]
pub struct Watched<S> {
    stream: S,
    activity: Activity,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if read.is_ready() {
            self.activity.touch();
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if written.is_ready() {
            self.activity.touch();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        if written.is_ready() {
            self.activity.touch();
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    /// A connection that does nothing.
    fn open(connections: &mut Connections) -> Activity {
        let mut opened = None;
        connections.spawn(|activity| {
            opened = Some(activity);
            pending()
        });
        std::thread::sleep(Duration::from_millis(1));
        opened.expect("it is spawned at once")
    }

    fn is_open(connections: &Connections, activity: &Activity) -> bool {
        connections.open.iter().any(|(open, _)| Arc::ptr_eq(&open.0, &activity.0))
    }

    #[tokio::test]
    async fn the_most_silent_goes_first_whatever_it_sent_before() {
        let mut connections = Connections::default();
        let [spoke, silent, answered] = std::array::from_fn(|_| open(&mut connections));
        let answering = answered.answering();
        spoke.touch();
        assert!(connections.close_most_silent());
        assert!(is_open(&connections, &spoke) && !is_open(&connections, &silent) && is_open(&connections, &answered));
        assert!(connections.close_most_silent());
        assert!(!is_open(&connections, &spoke) && is_open(&connections, &answered));
        // What is being answered waits for the server.
        assert!(!connections.close_most_silent());
        drop(answering);
        assert!(connections.close_most_silent());
        connections.ended().await;
    }
}
