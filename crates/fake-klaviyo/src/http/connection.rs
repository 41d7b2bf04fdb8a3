//! A connection that HTTP is spoken on: what it may hold, how long it waits, and how it ends. The gateway's are the same.

use std::pin::{Pin, pin};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::TokioTimer;

/// How long a client may take over a request's headers, and how long a connection may idle.
pub const HEADERS_WITHIN: Duration = Duration::from_secs(30);
/// Bytes of headers, beyond which the answer is 431.
const HEADERS_AT_MOST: usize = 64 * 1_024;

/// HTTP/1.1, with this patience for a request's headers.
pub fn http1(headers_within: Duration) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(headers_within).max_buf_size(HEADERS_AT_MOST);
    builder
}

/// Serves a connection to its end. Once `stop` is ready it is told to end, and still sends the answer that is under way.
pub async fn until<C: Future>(connection: C, stop: impl Future<Output = ()>, end: fn(Pin<&mut C>)) -> C::Output {
    let mut connection = pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop => {
            end(connection.as_mut());
            connection.await
        }
    }
}
