//! What is inside TLS: requests for Klaviyo, over HTTP/1.1 or HTTP/2.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::HOST;
use hyper::http::StatusCode;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::rustls::server::Acceptor;
use tokio_rustls::rustls::{self, AlertDescription, ServerConfig};
use tokio_rustls::server::TlsStream;

use crate::klaviyo::embed::{Dropped, Scheme, http1, until};

use super::http::{Body, to_klaviyo};
use super::names::{self, Place};
use super::patience::Patient;
use super::refusal::last_refusal;
use super::tally::Way;
use super::tunnel::Shared;

/// What HTTP/2 may hold of one request's headers.
const HEADER_LIST_AT_MOST: u32 = 64 * 1_024;
/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 100;

/// Ends TLS and serves what is inside, until it ends or until the gateway stops.
pub(crate) async fn serve<S>(stream: S, shared: &Arc<Shared>, way: Way, mut stopped: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let config = if way == Way::Connect { &shared.in_tunnel } else { &shared.by_sni };
    let accepted = tokio::select! {
        accepted = timeout(shared.patience, accept(stream, config, shared)) => accepted,
        _ = stopped.wait_for(|stopped| *stopped) => return,
    };
    // A handshake that fails has told the client why by an alert; there was no request yet.
    let Ok(Ok(stream)) = accepted else { return };
    let service = {
        let shared = Arc::clone(shared);
        service_fn(move |request| answer(Arc::clone(&shared), way, request))
    };
    let stop = async move { drop(stopped.wait_for(|stopped| *stopped).await) };
    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
        // A living client answers pings; one that is silent for longer is gone.
        let stream = Patient::new(stream, shared.patience + Duration::from_secs(5));
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(shared.patience)
            .max_header_list_size(HEADER_LIST_AT_MOST)
            .max_concurrent_streams(STREAMS)
            .serve_connection(TokioIo::new(stream), service);
        let _ = until(connection, stop, http2::Connection::graceful_shutdown).await;
        return;
    }
    let connection = http1(shared.patience).serve_connection(TokioIo::new(stream), service);
    if let Err(error) = until(connection, stop, http1::Connection::graceful_shutdown).await {
        shared.klaviyo.connection_failed(&error);
    }
}

/// The handshake; who refuses our certificate is noted.
async fn accept<S>(stream: S, config: &Arc<ServerConfig>, shared: &Shared) -> io::Result<TlsStream<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let name = hello.client_hello().server_name().map(str::to_ascii_lowercase);
    let theirs = name.as_deref().is_none_or(|name| Place::of(name) == Place::Klaviyo);
    if theirs {
        shared.tally.connected();
    }
    let accepted = hello.into_stream(Arc::clone(config)).await;
    if let Err(error) = &accepted
        && theirs
        && refuses_certificate(error)
    {
        shared.tally.distrust(name.as_deref().unwrap_or(names::DOMAIN));
    }
    accepted
}

/// Whether a client ended the handshake because it does not trust us (R 8446 §6.2).
fn refuses_certificate(error: &io::Error) -> bool {
    let error = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>());
    let Some(rustls::Error::AlertReceived(alert)) = error else { return false };
    matches!(
        alert,
        AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnsupportedCertificate
    )
}

/// The URL's host counts, then the `Host` header (R 9112 §3.2.2); which of Klaviyo's names the handshake was for does
/// not, as HTTP/2 clients use one connection for all names that its certificate covers (R 9113 §9.1.1).
async fn answer(shared: Arc<Shared>, way: Way, request: Request<Incoming>) -> Result<Response<Body>, Dropped> {
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let authority = header.and_then(|host| host.parse::<hyper::http::uri::Authority>().ok());
    let host = request.uri().host().or_else(|| authority.as_ref().map(hyper::http::uri::Authority::host));
    if host.map(Place::of) != Some(Place::Klaviyo) {
        let host = host.unwrap_or("no host").to_owned();
        let why = format!("a request for {host:?} on a TLS connection to Klaviyo");
        return Ok(last_refusal(request.version(), StatusCode::MISDIRECTED_REQUEST, &why));
    }
    to_klaviyo(&shared, way, Scheme::Https, request).await
}
