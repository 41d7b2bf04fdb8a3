//! A connection to the fake Klaviyo that asks for no memory, so that all that is counted is Klaviyo's.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One connection, and room for an answer.
pub(crate) struct Line {
    stream: TcpStream,
    room: [u8; 8 * 1_024],
}

impl Line {
    pub(crate) async fn to(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.expect("it listens"), room: [0; 8 * 1_024] }
    }

    /// Sends a whole request, and waits for the whole answer, which has this status.
    pub(crate) async fn ask(&mut self, request: &[u8], status: &str) {
        self.stream.write_all(request).await.expect("it takes requests");
        let mut length = 0;
        loop {
            let read = self.stream.read(&mut self.room[length..]).await.expect("it answers");
            assert!(read > 0, "the answer broke off, or is larger than there is room for");
            length += read;
            let text = std::str::from_utf8(&self.room[..length]).unwrap_or_default();
            if is_whole(text) {
                return assert!(text.starts_with("HTTP/1.1 ") && text[9..].starts_with(status), "{text}");
            }
        }
    }
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split("\r\n").find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|length| length.parse().ok()) == Some(body.len())
}
