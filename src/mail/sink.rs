//! The listener, and the mails that came.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use super::{Letter, session};
use crate::evidence::{Recorder, Seen};

/// A letter box that is open; dropping it closes it.
#[derive(Debug)]
pub struct Sink {
    address: SocketAddr,
    inbox: Inbox,
    listener: JoinHandle<()>,
}

#[derive(Debug, Clone)]
struct Inbox {
    letters: Arc<Mutex<Vec<Letter>>>,
    count: watch::Sender<usize>,
    recorder: Recorder,
}

impl Sink {
    /// Opens one on a free port of loopback; each mail goes to the recorder as it comes.
    pub async fn open(recorder: Recorder) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let inbox = Inbox { letters: Arc::default(), count: watch::Sender::new(0), recorder };
        let listener = tokio::spawn(listen(listener, inbox.clone()));
        Ok(Self { address, inbox, listener })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many mails have come.
    pub fn count(&self) -> usize {
        self.inbox.lock().len()
    }

    /// The last mail, from the one numbered `from` on, that is `wanted`; waits for one to come for as long as `patience`.
    pub async fn find(&self, from: usize, wanted: impl Fn(&Letter) -> bool, patience: Duration) -> Option<Letter> {
        let mut count = self.inbox.count.subscribe();
        let come = async {
            loop {
                let found = self.inbox.lock().iter().skip(from).rfind(|letter| wanted(letter)).cloned();
                if found.is_some() {
                    return found;
                }
                count.changed().await.ok()?;
            }
        };
        timeout(patience, come).await.ok().flatten()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Inbox {
    fn take(&self, letter: Letter) {
        // On record before anybody can act on it.
        self.recorder.record(Seen::Mail(Box::new(letter.seen(&self.recorder))));
        self.lock().push(letter);
        self.count.send_modify(|count| *count += 1);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Letter>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn listen(listener: TcpListener, inbox: Inbox) {
    // They end with the listener.
    let mut connections = JoinSet::new();
    while let Ok((stream, from)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let inbox = inbox.clone();
        connections.spawn(async move {
            let take = move |from: &str, to: &[String], message: &[u8]| inbox.take(Letter::read(from, to, message));
            if let Err(error) = session::serve(stream, from.ip(), take).await {
                tracing::debug!(%error, "a mail connection ended early");
            }
        });
    }
}
