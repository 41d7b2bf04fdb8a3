//! Time and size limits of an HTTP/1.1 connection, and how it is told to stop. The gateway uses the same.

use std::pin::{Pin, pin};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::TokioTimer;

/// How long a client may take to send a request's headers, and how long a connection may idle.
pub const HEADERS_WITHIN: Duration = Duration::from_secs(30);
/// Maximum size of a request's headers in bytes; larger ones are answered with 431.
const MAX_HEADER_BYTES: usize = 64 * 1_024;

/// A hyper server for HTTP/1.1 that allows this long for a request's headers.
///
/// ```
/// use fake_klaviyo::embed::{HEADERS_WITHIN, http1};
///
/// let server = http1(HEADERS_WITHIN);
/// # drop(server);
/// ```
pub fn http1(headers_within: Duration) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(headers_within).max_buf_size(MAX_HEADER_BYTES);
    builder
}

/// Serves a connection until it ends. Once `stop` is ready, `end` is called on it, and the response that is being
/// sent is finished.
///
/// ```no_run
/// use fake_klaviyo::embed::{HEADERS_WITHIN, http1, until};
/// use hyper::server::conn::http1::Connection;
/// use hyper::service::service_fn;
/// use hyper_util::rt::TokioIo;
///
/// # async fn serve(handler: fake_klaviyo::embed::HttpHandler, stream: tokio::net::TcpStream) -> hyper::Result<()> {
/// # let info = fake_klaviyo::embed::ConnInfo { scheme: fake_klaviyo::embed::Scheme::Https };
/// let service = service_fn(|request| handler.handle(info, request));
/// let connection = http1(HEADERS_WITHIN).serve_connection(TokioIo::new(stream), service);
/// let stop = std::future::pending();
/// until(connection, stop, Connection::graceful_shutdown).await
/// # }
/// ```
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
