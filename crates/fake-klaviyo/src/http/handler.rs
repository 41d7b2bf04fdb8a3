//! Handles HTTP requests: reads each one whole, dispatches it, records the exchange and sends the response.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, HOST, HeaderValue};
use hyper::http::StatusCode;
use hyper::http::request::Parts;
use hyper::server::conn::http1::Connection;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use flowcheck_evidence::{Event, Facts, HarnessError};

use crate::http::bodies::{self, Bodies, Unread};
use crate::http::connection::{HEADERS_WITHIN, http1, until};
use crate::http::connections::Activity;
use crate::http::host::Host;
use crate::http::host_header::host_header_error;
use crate::http::journal::{self, UnreadableRequest};
use crate::http::request::{Request, Scheme};
use crate::http::response::Response;
use crate::http::routes::Routes;
use crate::state::platform::Platform;

/// Maximum length of path and query in bytes; longer ones are answered with 414.
const MAX_TARGET_BYTES: usize = 16 * 1_024;

/// A response's body: whole, or a stream that is written for as long as the client reads it.
pub type Body = BoxBody<Bytes, Infallible>;

/// Handles the requests for one fake Klaviyo. Clones share it.
#[derive(Debug, Clone)]
pub struct HttpHandler {
    platform: Arc<Platform>,
    routes: Arc<Routes>,
    bodies: Arc<Bodies>,
}

/// What the caller knows about a connection before reading from it.
#[derive(Debug, Clone, Copy)]
pub struct ConnInfo {
    /// The scheme the client used; a gateway may have terminated TLS.
    pub scheme: Scheme,
}

/// An injected fault asks for the connection to be closed without a response.
#[derive(Debug, thiserror::Error)]
#[error("the connection was dropped on purpose")]
pub struct Dropped;

impl HttpHandler {
    /// A handler for this platform.
    pub(crate) fn new(platform: Arc<Platform>) -> Self {
        Self { platform, routes: Arc::new(Routes::new()), bodies: Arc::default() }
    }

    /// The platform that it serves.
    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Serves HTTP/1.1 on a connection until it ends, or until `stop` is ready and the current response is sent.
    ///
    /// ```
    /// use fake_klaviyo::Server;
    /// use fake_klaviyo::embed::{ConnInfo, Scheme};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let klaviyo = Server::builder().bind("127.0.0.1:0").await?;
    /// let (client, server_side) = tokio::io::duplex(1_024);
    /// drop(client);
    /// let info = ConnInfo { scheme: Scheme::Http };
    /// klaviyo.http_handler().serve(server_side, info, std::future::pending()).await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn serve<S>(&self, stream: S, info: ConnInfo, stop: impl Future<Output = ()>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(move |request| respond(self.clone(), info, request));
        self.serve_with(stream, service, stop).await;
    }

    /// Serves a connection whose activity is watched.
    pub(crate) async fn serve_watched(&self, stream: TcpStream, activity: Activity, stop: impl Future<Output = ()>) {
        let watched = activity.watch(stream);
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(activity.clone());
            respond(self.clone(), ConnInfo { scheme: Scheme::Http }, request)
        });
        self.serve_with(watched, service, stop).await;
    }

    async fn serve_with<S, H>(&self, stream: S, service: H, stop: impl Future<Output = ()>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        H: HttpService<Incoming, ResBody = Body, Error = Dropped>,
    {
        let connection = http1(HEADERS_WITHIN).serve_connection(TokioIo::new(stream), service);
        if let Err(error) = until(connection, stop, Connection::graceful_shutdown).await {
            self.connection_failed(&error);
        }
    }

    /// Handles one request that the caller has read from a connection.
    ///
    /// ```no_run
    /// use fake_klaviyo::embed::{ConnInfo, HttpHandler, Scheme, http1};
    /// use hyper::service::service_fn;
    /// use hyper_util::rt::TokioIo;
    ///
    /// # async fn serve(handler: HttpHandler, stream: tokio::net::TcpStream) -> Result<(), hyper::Error> {
    /// let service = service_fn(|request| handler.handle(ConnInfo { scheme: Scheme::Https }, request));
    /// http1(fake_klaviyo::embed::HEADERS_WITHIN).serve_connection(TokioIo::new(stream), service).await
    /// # }
    /// ```
    pub async fn handle(
        &self,
        info: ConnInfo,
        request: hyper::Request<Incoming>,
    ) -> Result<hyper::Response<Body>, Dropped> {
        respond(self.clone(), info, request).await
    }

    /// Records a connection that ended because the client did not send valid HTTP. Other errors are ignored.
    ///
    /// ```no_run
    /// # async fn ended(handler: fake_klaviyo::embed::HttpHandler, connection: impl Future<Output = Result<(), hyper::Error>>) {
    /// if let Err(error) = connection.await {
    ///     handler.connection_failed(&error);
    /// }
    /// # }
    /// ```
    pub fn connection_failed(&self, error: &hyper::Error) {
        if error.is_parse() {
            // hyper has already sent the response.
            let status = if error.is_parse_too_large() {
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
            } else {
                StatusCode::BAD_REQUEST
            };
            let facts = Facts::Unknown(format!("not a valid HTTP request: {error}"));
            journal::record_unread(&self.platform, UnreadableRequest::default(), status, facts);
        }
    }
}

/// A response that is delayed, for as long as its client waits for it.
struct Delayed(Arc<AtomicUsize>);

impl Delayed {
    fn count(delayed: &Arc<AtomicUsize>) -> Self {
        delayed.fetch_add(1, Ordering::Relaxed);
        Self(delayed.clone())
    }
}

impl Drop for Delayed {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn respond(
    HttpHandler { platform, routes, bodies }: HttpHandler,
    info: ConnInfo,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Body>, Dropped> {
    let (head, body) = request.into_parts();
    let activity = head.extensions.get::<Activity>().cloned();
    let (mut request, began) = match read(&head, body, &bodies).await {
        Ok((host, body)) => (Request::of(head, info.scheme, host, body), Instant::now()),
        Err(refusal) => {
            if let Some(facts) = refusal.facts.clone() {
                journal::record_unread(&platform, UnreadableRequest::of(&head), refusal.status, facts);
            }
            return Ok(into_hyper(*refusal));
        }
    };
    let _answering = activity.as_ref().map(Activity::answering);
    let mut response = catch_panic(&platform, &mut request, |request| routes.dispatch(&platform, request));
    if let Err(failure) = platform.change_log.flushed().await {
        response = Response::text(StatusCode::INTERNAL_SERVER_ERROR, format!("{failure}\n"))
            .facts(Facts::Unknown("a request after the state file failed".to_owned()));
    }
    // Recorded before it is sent, so that a client that has the response finds it on the timeline.
    let took = began.elapsed() + response.delay;
    journal::record(&platform, request, &mut response, took);
    if response.delay > Duration::ZERO {
        let _delayed = Delayed::count(&platform.delayed);
        tokio::time::sleep(response.delay).await;
    }
    if response.dropped { Err(Dropped) } else { Ok(into_hyper(response)) }
}

/// Runs a handler; a panic becomes a 500 and is recorded on the timeline.
fn catch_panic(platform: &Platform, request: &mut Request, handler: impl FnOnce(&mut Request) -> Response) -> Response {
    catch_unwind(AssertUnwindSafe(|| handler(request))).unwrap_or_else(|_| {
        let what = format!("the fake Klaviyo panicked on {} {}", request.method, request.path);
        platform.recorder.record(Event::HarnessError(HarnessError { what: platform.recorder.redact(&what) }));
        Response::text(StatusCode::INTERNAL_SERVER_ERROR, "The fake Klaviyo failed. This is a defect of flowcheck.\n")
            .facts(Facts::Unknown("a request that the fake Klaviyo panicked on".to_owned()))
    })
}

/// Reads the host that a request is for and its whole body, or the response that rejects it.
async fn read(head: &Parts, body: Incoming, bodies: &Bodies) -> Result<(Host, Bytes), Box<Response>> {
    let target_length = head.uri.path_and_query().map_or(0, |target| target.as_str().len());
    if target_length > MAX_TARGET_BYTES {
        return Err(rejection(
            StatusCode::URI_TOO_LONG,
            &format!("the address is longer than {MAX_TARGET_BYTES} bytes"),
        ));
    }
    if let Some(error) = host_header_error(head.version, &head.headers) {
        return Err(rejection(StatusCode::BAD_REQUEST, error));
    }
    let asked_for = head.uri.authority().map(hyper::http::uri::Authority::as_str);
    let asked_for = asked_for.or_else(|| head.headers.get(HOST).and_then(|host| host.to_str().ok()));
    let Some(host) = asked_for.and_then(Host::read) else {
        let asked_for = asked_for.unwrap_or("no host");
        return Err(rejection(
            StatusCode::MISDIRECTED_REQUEST,
            &format!(
                "{asked_for:?} is not one of Klaviyo's hosts; use klaviyo.com, klaviyo.localhost or a loopback address"
            ),
        ));
    };
    Ok((host, whole(head, body, bodies).await?))
}

async fn whole(head: &Parts, body: Incoming, bodies: &Bodies) -> Result<Bytes, Box<Response>> {
    bodies.read(head, body).await.map_err(|unread| match unread {
        Unread::TooLarge => {
            rejection(StatusCode::PAYLOAD_TOO_LARGE, &format!("the body is larger than {} bytes", bodies::LARGEST))
        }
        Unread::Broken => rejection(StatusCode::BAD_REQUEST, "the body ended early or is framed wrongly"),
        Unread::Late => rejection(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time"),
        Unread::NoRoom => rejection(
            StatusCode::SERVICE_UNAVAILABLE,
            "there are too many unfinished requests, of which this one was silent the longest",
        ),
    })
}

/// Rejects a request that was not read to its end, and closes the connection.
fn rejection(status: StatusCode, why: &str) -> Box<Response> {
    let mut response = Response::text(status, format!("{why}\n")).facts(Facts::Unknown(why.to_owned()));
    response.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    Box::new(response)
}

fn into_hyper(response: Response) -> hyper::Response<Body> {
    let body = match response.stream {
        Some(stream) => StreamBody::new(stream.into_inner()).boxed(),
        None => Full::new(response.body).boxed(),
    };
    let mut message = hyper::Response::new(body);
    *message.status_mut() = response.status;
    *message.headers_mut() = response.headers;
    message
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::model::settings::Settings;
    use crate::state::platform::State;
    use flowcheck_evidence::Recorder;

    fn platform() -> Arc<Platform> {
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], 80));
        Arc::new(Platform::new(Recorder::new(), Settings::default(), address, State::default()))
    }

    /// The response to a request on a connection whose TLS is already terminated.
    async fn asked(platform: &Arc<Platform>, request: &str) -> String {
        let (mut client, server) = tokio::io::duplex(64 * 1_024);
        let http_handler = HttpHandler::new(Arc::clone(platform));
        let serving = tokio::spawn(async move {
            http_handler.serve(server, ConnInfo { scheme: Scheme::Https }, std::future::pending()).await;
        });
        client.write_all(request.as_bytes()).await.expect("the handler reads");
        let mut response = String::new();
        client.read_to_string(&mut response).await.expect("the handler answers");
        serving.await.expect("the connection ends");
        response
    }

    #[tokio::test]
    async fn a_body_that_is_not_finished_in_time_is_refused() {
        let (mut client, server) = tokio::io::duplex(64 * 1_024);
        let bodies = Arc::new(Bodies::within(Duration::from_millis(50)));
        let http_handler = HttpHandler { bodies, ..HttpHandler::new(platform()) };
        tokio::spawn(async move {
            http_handler.serve(server, ConnInfo { scheme: Scheme::Https }, std::future::pending()).await;
        });
        let request = "POST /oauth/token HTTP/1.1\r\nHost: a.klaviyo.com\r\nContent-Length: 10\r\n\r\nx";
        client.write_all(request.as_bytes()).await.expect("the handler reads");
        let mut response = String::new();
        client.read_to_string(&mut response).await.expect("the handler closes the connection");
        assert!(response.starts_with("HTTP/1.1 408"), "{response}");
    }

    #[tokio::test]
    async fn behind_tls_cookies_are_secure_and_for_klaviyo_s_domain() {
        let request = "GET /login HTTP/1.1\r\nHost: www.klaviyo.com\r\nConnection: close\r\n\r\n";
        let response = asked(&platform(), request).await;
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
        assert!(response.contains("; HttpOnly; SameSite=Lax; Domain=klaviyo.com; Secure"), "{response}");
    }

    #[tokio::test]
    async fn a_handler_that_panics_is_a_500_on_record_and_the_next_one_answers() {
        let platform = platform();
        let host = Host::read("klaviyo.com").expect("it is Klaviyo's");
        let (head, ()) = hyper::Request::new(()).into_parts();
        let mut request = Request::of(head, Scheme::Http, host, Bytes::new());
        let response = catch_panic(&platform, &mut request, |_| {
            let _held = platform.state();
            panic!("on purpose")
        });
        assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(platform.recorder.since(0).iter().any(|entry| matches!(entry.event, Event::HarnessError(_))));
        let response = catch_panic(&platform, &mut request, |request| Routes::new().dispatch(&platform, request));
        assert_eq!(response.status, StatusCode::OK);
    }
}
