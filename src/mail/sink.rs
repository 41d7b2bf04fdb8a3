//! The listener and the received mails.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::timeout;

use super::{Letter, session};
use crate::evidence::{Event, Recorder};

/// Mails of a scenario that are kept.
const MOST_MAILS: usize = 1_000;
/// Connections at once; beyond them the oldest is closed.
const MOST_CONNECTIONS: usize = 64;

/// A listening SMTP sink. Dropping it stops listening.
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
    /// Listens on a free loopback port, and records each mail on arrival.
    pub async fn open(recorder: Recorder) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let inbox = Inbox { letters: Arc::default(), count: watch::Sender::new(0), recorder };
        let listener = tokio::spawn(listen(listener, inbox.clone()));
        Ok(Self { address, inbox, listener })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many mails have arrived.
    pub fn count(&self) -> usize {
        self.inbox.lock().len()
    }

    /// The last `wanted` mail from index `from` on; waits up to `within` for one to arrive.
    pub async fn find(&self, from: usize, wanted: impl Fn(&Letter) -> bool, within: Duration) -> Option<Letter> {
        let mut count = self.inbox.count.subscribe();
        let arrival = async {
            loop {
                let found = self.inbox.lock().iter().skip(from).rfind(|letter| wanted(letter)).cloned();
                if found.is_some() {
                    return found;
                }
                count.changed().await.ok()?;
            }
        };
        timeout(within, arrival).await.ok().flatten()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Inbox {
    fn take(&self, letter: Letter) {
        if self.lock().len() >= MOST_MAILS {
            return self.recorder.flood();
        }
        // Recorded before a user can act on it.
        self.recorder.record(Event::Mail(Box::new(letter.seen(&self.recorder))));
        self.lock().push(letter);
        self.count.send_modify(|count| *count += 1);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Letter>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn listen(listener: TcpListener, inbox: Inbox) {
    // Aborted with the listener.
    let mut connections = JoinSet::new();
    let mut order = VecDeque::<AbortHandle>::new();
    while let Ok((stream, from)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        if connections.len() >= MOST_CONNECTIONS
            && let Some(oldest) = order.pop_front()
        {
            oldest.abort();
        }
        order.retain(|open| !open.is_finished());
        let inbox = inbox.clone();
        order.push_back(connections.spawn(async move {
            let take = move |from: &str, to: &[String], message: &[u8]| inbox.take(Letter::read(from, to, message));
            if let Err(error) = session::serve(stream, from.ip(), take).await {
                tracing::debug!(%error, "a mail connection ended early");
            }
        }));
    }
}

#[cfg(test)]
mod tests {
    use lettre::message::MultiPart;
    use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    async fn sink() -> (Sink, Recorder) {
        let recorder = Recorder::new();
        (Sink::open(recorder.clone()).await.unwrap(), recorder)
    }

    fn message(to: &str, subject: &str) -> Message {
        let text = "Please update the permissions.\n.a line that begins with a dot\n".to_owned();
        let html = "<p>Please <a href=\"http://localhost:3000/x?t=abcdefgh12345678\">update</a></p>".to_owned();
        let message = Message::builder().from("app@x.example".parse().unwrap()).to(to.parse().unwrap());
        message.subject(subject).multipart(MultiPart::alternative_plain_html(text, html)).unwrap()
    }

    #[tokio::test]
    async fn a_mail_is_found_with_its_real_link_and_on_record_without() {
        let (sink, recorder) = sink().await;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1");
        let transport = transport.port(sink.address().port()).build();
        transport.send(message("one@y.example", "First")).await.unwrap();
        transport.send(message("two@y.example", "Second")).await.unwrap();
        let letter = sink.find(1, |_| true, SOON).await.unwrap();
        assert_eq!(
            (letter.subject.as_str(), letter.to.as_slice()),
            ("Second", ["two@y.example".to_owned()].as_slice())
        );
        assert!(letter.text.contains(" .a line"), "{}", letter.text);
        assert_eq!(letter.links[0].href, "http://localhost:3000/x?t=abcdefgh12345678");
        assert_eq!(sink.count(), 2);
        let kept = serde_json::to_string(&recorder.since(0)).unwrap();
        assert!(kept.contains("Second") && !kept.contains("abcdefgh12345678"), "{kept}");
    }

    #[tokio::test]
    async fn a_mail_that_comes_late_is_waited_for_and_one_that_does_not_come_is_given_up() {
        let (sink, _) = sink().await;
        let inbox = sink.inbox.clone();
        let late = Letter::read("", &[], b"Subject: late\r\n\r\n");
        let arrival = async {
            tokio::task::yield_now().await;
            inbox.take(late);
        };
        let (found, ()) = tokio::join!(sink.find(0, |letter| letter.subject == "late", SOON), arrival);
        assert!(found.is_some());
        assert!(sink.find(0, |letter| letter.subject == "other", Duration::from_millis(20)).await.is_none());
    }

    #[tokio::test]
    async fn mails_without_end_are_not_kept_and_end_the_scenario() {
        let (sink, recorder) = sink().await;
        for number in 0..MOST_MAILS + 5 {
            assert!(timeout(Duration::ZERO, recorder.flooded()).await.is_err() || number > MOST_MAILS);
            let message = format!("Subject: {number}\r\n\r\n{}", "http://x.example/ ".repeat(100));
            sink.inbox.take(Letter::read("", &[], message.as_bytes()));
        }
        assert_eq!(sink.count(), MOST_MAILS);
        timeout(SOON, recorder.flooded()).await.expect("it is told");
        let long = Letter::read("", &[], "Subject: x\r\n\r\nhttp://x.example/ä ".repeat(100_000).as_bytes());
        assert!(long.text.len() <= 256 * 1_024 && long.links.len() <= 200);
    }

    #[tokio::test]
    async fn connections_that_say_nothing_keep_no_mail_out() {
        let (sink, _) = sink().await;
        let mut silent = Vec::new();
        for _ in 0..2 * MOST_CONNECTIONS {
            silent.push(TcpStream::connect(sink.address()).await.unwrap());
        }
        let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1");
        let transport = transport.port(sink.address().port()).build();
        timeout(SOON, transport.send(message("one@y.example", "Late"))).await.unwrap().unwrap();
        assert_eq!(sink.count(), 1);
    }

    #[tokio::test]
    async fn what_is_no_mail_ends_that_connection_alone() {
        let (sink, _) = sink().await;
        for bytes in [b"\xff\xfe\r\n".as_slice(), b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"DATA\r\n.\r\n", b"EHLO"] {
            let mut stream = TcpStream::connect(sink.address()).await.unwrap();
            stream.write_all(bytes).await.unwrap();
            stream.shutdown().await.unwrap();
            let mut answer = Vec::new();
            timeout(SOON, stream.read_to_end(&mut answer)).await.unwrap().unwrap();
            assert!(answer.starts_with(b"220 "), "{}", String::from_utf8_lossy(&answer));
        }
        assert_eq!(sink.count(), 0);
    }
}
