//! Cleartext requests: to a proxy, in absolute form or by CONNECT, or directly to a host of Klaviyo's.

use std::sync::{Arc, Mutex, PoisonError};

use hyper::body::Incoming;
use hyper::header::{HOST, HeaderMap};
use hyper::http::uri::Authority;
use hyper::http::{Method, StatusCode};
use hyper::server::conn::http1::UpgradeableConnection;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use crate::gateway::context::EndpointContext;
use crate::gateway::host_class::HostClass;
use crate::gateway::ports::{HTTP, HTTPS};
use crate::gateway::stats::Ingress;
use crate::klaviyo::embed::{Dropped, Scheme, host_header_error, http1, until};

use super::body::Body;
use super::forward;
use super::klaviyo::{probe_response, to_klaviyo};
use super::refusal::{refusal, unauthorized};
use super::tunnel::{self, Tunnel};

/// Serves a connection until it ends or until the gateway stops.
pub(crate) async fn serve<S>(stream: S, context: &Arc<EndpointContext>, stopped: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let granted: Arc<Mutex<Option<Tunnel>>> = Arc::default();
    let service = {
        let (context, granted) = (Arc::clone(context), Arc::clone(&granted));
        service_fn(move |request| answer(Arc::clone(&context), Arc::clone(&granted), request))
    };
    let connection = http1(context.idle_timeout)
        // A client may close its side while the response is still being streamed from another host.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let stop = {
        let mut stopped = stopped.clone();
        async move { drop(stopped.wait_for(|stopped| *stopped).await) }
    };
    // hyper has answered a malformed request, which may not have been for Klaviyo.
    let _ = until(connection, stop, UpgradeableConnection::graceful_shutdown).await;
    let tunnel = granted.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(tunnel) = tunnel {
        tunnel.serve(context, stopped).await;
    }
}

async fn answer(
    context: Arc<EndpointContext>,
    granted: Arc<Mutex<Option<Tunnel>>>,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Dropped> {
    if let Some(error) = host_header_error(request.version(), request.headers()) {
        return Ok(refusal(StatusCode::BAD_REQUEST, error));
    }
    if request.method() == Method::CONNECT {
        let (answer, tunnel) = tunnel::open(&context, request).await;
        *granted.lock().unwrap_or_else(PoisonError::into_inner) = tunnel;
        return Ok(answer);
    }
    // These are for the proxy, not for the host behind it.
    request.headers_mut().remove("proxy-authorization");
    request.headers_mut().remove("proxy-connection");
    let Some(scheme) = request.uri().scheme_str() else { return direct(&context, request).await };
    let scheme = match scheme {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => return Ok(refusal(StatusCode::BAD_REQUEST, &format!("{other:?} is not http or https"))),
    };
    let Some((host, port)) = request.uri().authority().and_then(|authority| target(authority, scheme)) else {
        return Ok(refusal(StatusCode::BAD_REQUEST, "the URL has no host, or an invalid port"));
    };
    match HostClass::of(&host) {
        HostClass::Klaviyo if port == usual_port(scheme) => {
            to_klaviyo(&context, Ingress::Absolute, scheme, request).await
        }
        HostClass::Klaviyo => {
            let why = format!("Klaviyo answers on its usual ports only, and the URL asked for {host}:{port}");
            Ok(refusal(StatusCode::FORBIDDEN, &why))
        }
        HostClass::Loopback if context.probe.is_asked_by(&request) => Ok(probe_response(&context)),
        HostClass::Loopback | HostClass::External if context.is_unauthorized() => Ok(unauthorized()),
        HostClass::External if context.hermetic => Ok(forward::refuse_hermetic(&context, &host, port)),
        HostClass::Loopback | HostClass::External if scheme == Scheme::Http => {
            Ok(forward::forward(&context, &host, port, request).await)
        }
        HostClass::Loopback | HostClass::External => {
            let why = format!("an https URL of {host} in clear; for hosts other than Klaviyo's use CONNECT");
            Ok(refusal(StatusCode::BAD_GATEWAY, &why))
        }
    }
}

/// A request in origin form, from a client for which a host of Klaviyo's resolves to the gateway.
async fn direct(context: &EndpointContext, request: Request<Incoming>) -> Result<Response<Body>, Dropped> {
    let host = host(request.headers());
    if host.as_deref().map(HostClass::of) == Some(HostClass::Klaviyo) {
        return to_klaviyo(context, Ingress::Plain, Scheme::Http, request).await;
    }
    let why = format!("this is a proxy, not a server for {:?}", host.as_deref().unwrap_or("no host"));
    Ok(refusal(StatusCode::MISDIRECTED_REQUEST, &why))
}

/// The host in a `Host` header, without port.
pub(crate) fn host(headers: &HeaderMap) -> Option<String> {
    let authority: Authority = headers.get(HOST)?.to_str().ok()?.parse().ok()?;
    Some(authority.host().to_owned())
}

/// Host and port of a URL; none where either is invalid.
fn target(authority: &Authority, scheme: Scheme) -> Option<(String, u16)> {
    let host = authority.host();
    let behind_host = authority.as_str().rsplit_once(host)?.1;
    let port = match behind_host {
        "" | ":" => usual_port(scheme),
        _ => authority.port_u16()?,
    };
    (!host.is_empty()).then(|| (host.to_owned(), port))
}

fn usual_port(scheme: Scheme) -> u16 {
    match scheme {
        Scheme::Http => HTTP,
        Scheme::Https => HTTPS,
    }
}
