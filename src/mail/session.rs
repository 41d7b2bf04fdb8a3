//! One SMTP connection.

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mailin::{Action, Handler, Response, SessionBuilder, response};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::timeout;

/// Largest message in bytes; larger ones are rejected.
const LARGEST: usize = 4 << 20;
/// Longest line in bytes. Some apps do not wrap lines.
const LONGEST_LINE: u64 = 1 << 20;
/// Idle timeout.
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

/// Receives mails until the app disconnects, and passes sender, recipients and message of each to `take`.
pub(super) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    from: IpAddr,
    take: impl Fn(&str, &[String], &[u8]) + Send + 'static,
) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let done = Arc::new(Mutex::new(Vec::new()));
    let envelope = Envelope { done: Arc::clone(&done), from: String::new(), to: Vec::new(), message: Vec::new() };
    let mut session = SessionBuilder::new("mail.flowcheck.localhost").build(from, envelope);
    answer(&mut stream, &session.greeting()).await?;
    loop {
        let mut line = Vec::new();
        let mut limited = (&mut stream).take(LONGEST_LINE);
        let read = timeout(IDLE_TIMEOUT, limited.read_until(b'\n', &mut line)).await.map_err(io::Error::from)??;
        if read == 0 || !line.ends_with(b"\n") {
            return Ok(());
        }
        let response = session.process(&line);
        for (from, to, message) in done.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            take(&from, &to, &message);
        }
        answer(&mut stream, &response).await?;
        if matches!(response.action, Action::Close) {
            return Ok(());
        }
    }
}

async fn answer(stream: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>, response: &Response) -> io::Result<()> {
    if matches!(response.action, Action::NoReply) {
        return Ok(());
    }
    stream.write_all(&response.buffer()?).await?;
    stream.flush().await
}

/// Sender, recipients and message.
type Taken = (String, Vec<String>, Vec<u8>);

/// The mail that is being received.
struct Envelope {
    done: Arc<Mutex<Vec<Taken>>>,
    from: String,
    to: Vec<String>,
    message: Vec<u8>,
}

impl Handler for Envelope {
    fn data_start(&mut self, _domain: &str, from: &str, _is8bit: bool, to: &[String]) -> Response {
        from.clone_into(&mut self.from);
        to.clone_into(&mut self.to);
        self.message.clear();
        response::OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        if self.message.len() + line.len() > LARGEST {
            return Err(io::Error::other("the mail is larger than 4 MiB"));
        }
        self.message.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let taken = (self.from.clone(), std::mem::take(&mut self.to), std::mem::take(&mut self.message));
        self.done.lock().unwrap_or_else(PoisonError::into_inner).push(taken);
        response::OK
    }
}
