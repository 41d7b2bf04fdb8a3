//! TLS connections to Klaviyo: HTTP/1.1 or HTTP/2.

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

use crate::gateway::context::EndpointContext;
use crate::gateway::host_class::{self, HostClass};
use crate::gateway::idle_timeout::IdleTimeout;
use crate::gateway::stats::Ingress;
use crate::klaviyo::embed::{Dropped, Scheme, host_header_error, http1, until};

use super::body::Body;
use super::klaviyo::to_klaviyo;
use super::refusal::closing_refusal;

/// Largest header list of an HTTP/2 request.
const HEADER_LIST_AT_MOST: u32 = 64 * 1_024;
/// Concurrent requests on one HTTP/2 connection.
const STREAMS: u32 = 100;

/// Terminates TLS and serves the requests inside, until the connection ends or the gateway stops.
pub(crate) async fn serve<S>(
    stream: S,
    context: &Arc<EndpointContext>,
    ingress: Ingress,
    mut stopped: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let config = if ingress == Ingress::Connect { &context.in_tunnel } else { &context.by_sni };
    let accepted = tokio::select! {
        accepted = timeout(context.idle_timeout, accept(stream, config, context)) => accepted,
        _ = stopped.wait_for(|stopped| *stopped) => return,
    };
    // A failed handshake has sent the client an alert; there was no request yet.
    let Ok(Ok(stream)) = accepted else { return };
    let service = {
        let context = Arc::clone(context);
        service_fn(move |request| answer(Arc::clone(&context), ingress, request))
    };
    let stop = async move { drop(stopped.wait_for(|stopped| *stopped).await) };
    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
        // A client that is alive answers pings within this time.
        let stream = IdleTimeout::new(stream, context.idle_timeout + Duration::from_secs(5));
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(context.idle_timeout)
            .max_header_list_size(HEADER_LIST_AT_MOST)
            .max_concurrent_streams(STREAMS)
            .serve_connection(TokioIo::new(stream), service);
        let _ = until(connection, stop, http2::Connection::graceful_shutdown).await;
        return;
    }
    let connection = http1(context.idle_timeout).serve_connection(TokioIo::new(stream), service);
    if let Err(error) = until(connection, stop, http1::Connection::graceful_shutdown).await {
        context.klaviyo.connection_failed(&error);
    }
}

/// Performs the handshake, and lists the host where the client rejects the certificate.
async fn accept<S>(stream: S, config: &Arc<ServerConfig>, context: &EndpointContext) -> io::Result<TlsStream<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let name = hello.client_hello().server_name().map(str::to_ascii_lowercase);
    let theirs = name.as_deref().is_none_or(|name| HostClass::of(name) == HostClass::Klaviyo);
    if theirs {
        context.stats.count_connection();
    }
    let accepted = hello.into_stream(Arc::clone(config)).await;
    if let Err(error) = &accepted
        && theirs
        && refuses_certificate(error)
    {
        context.stats.note_distrust(name.as_deref().unwrap_or(host_class::DOMAIN));
    }
    accepted
}

/// Whether the client ended the handshake because it does not trust the certificate (R 8446 §6.2).
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

/// Routes by the URL's host, then by the `Host` header (R 9112 §3.2.2). The name in SNI does not matter: HTTP/2 clients use one
/// connection for all names that its certificate covers (R 9113 §9.1.1).
async fn answer(
    context: Arc<EndpointContext>,
    ingress: Ingress,
    request: Request<Incoming>,
) -> Result<Response<Body>, Dropped> {
    if let Some(error) = host_header_error(request.version(), request.headers()) {
        return Ok(closing_refusal(request.version(), StatusCode::BAD_REQUEST, error));
    }
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let authority = header.and_then(|host| host.parse::<hyper::http::uri::Authority>().ok());
    let host = request.uri().host().or_else(|| authority.as_ref().map(hyper::http::uri::Authority::host));
    if host.map(HostClass::of) != Some(HostClass::Klaviyo) {
        let host = host.unwrap_or("no host").to_owned();
        let why = format!("a request for {host:?} on a TLS connection to Klaviyo");
        return Ok(closing_refusal(request.version(), StatusCode::MISDIRECTED_REQUEST, &why));
    }
    to_klaviyo(&context, ingress, Scheme::Https, request).await
}
