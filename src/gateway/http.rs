//! Requests in clear: to a proxy, by absolute form or CONNECT, or straight to a Klaviyo host without TLS.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HOST, HeaderMap};
use hyper::http::uri::Authority;
use hyper::http::{Method, StatusCode};
use hyper::server::conn::http1::UpgradeableConnection;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::klaviyo::connection::{http1, until};
use crate::klaviyo::door::{ConnInfo, Dropped, Scheme};

use super::forward;
use super::names::Place;
use super::refusal::{refusal, strange};
use super::tally::Way;
use super::tunnel::{self, HTTPS, Shared, Tunnel};

/// The port of HTTP in clear.
const HTTP: u16 = 80;

/// The body of any answer: a whole one of ours, or one that is on its way from elsewhere.
pub(crate) type Body = BoxBody<Bytes, hyper::Error>;

/// Serves a connection until it ends or until the gateway stops.
pub(crate) async fn serve(stream: TcpStream, shared: &Arc<Shared>, stopped: watch::Receiver<bool>) {
    let granted: Arc<Mutex<Option<Tunnel>>> = Arc::default();
    let service = {
        let (shared, granted) = (Arc::clone(shared), Arc::clone(&granted));
        service_fn(move |request| answer(Arc::clone(&shared), Arc::clone(&granted), request))
    };
    let connection = http1(shared.patience)
        // A client may close its side while its answer is still on the way from elsewhere.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let stop = {
        let mut stopped = stopped.clone();
        async move { drop(stopped.wait_for(|stopped| *stopped).await) }
    };
    // A connection that ends badly has been answered by hyper, and may not have been meant for Klaviyo.
    let _ = until(connection, stop, UpgradeableConnection::graceful_shutdown).await;
    let tunnel = granted.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(tunnel) = tunnel {
        tunnel.serve(shared, stopped).await;
    }
}

async fn answer(
    shared: Arc<Shared>,
    granted: Arc<Mutex<Option<Tunnel>>>,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Dropped> {
    if request.method() == Method::CONNECT {
        let (answer, tunnel) = tunnel::open(&shared, request).await;
        *granted.lock().unwrap_or_else(PoisonError::into_inner) = tunnel;
        return Ok(answer);
    }
    // What a client says to its proxy is not for the host behind it.
    request.headers_mut().remove("proxy-authorization");
    request.headers_mut().remove("proxy-connection");
    let Some(scheme) = request.uri().scheme_str() else { return straight(&shared, request).await };
    let scheme = match scheme {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => return Ok(refusal(StatusCode::BAD_REQUEST, &format!("{other:?} is not http or https"))),
    };
    let Some((host, port)) = request.uri().authority().and_then(|authority| target(authority, scheme)) else {
        return Ok(refusal(StatusCode::BAD_REQUEST, "the URL names no host, or a port that is none"));
    };
    match Place::of(&host) {
        Place::Klaviyo if port == usual_port(scheme) => to_klaviyo(&shared, Way::Absolute, scheme, request).await,
        Place::Klaviyo => {
            let why = format!("Klaviyo answers on its usual ports only, and the URL asked for {host}:{port}");
            Ok(refusal(StatusCode::FORBIDDEN, &why))
        }
        Place::Loopback if shared.probe.is_asked_by(&request) => Ok(prove(&shared)),
        Place::Loopback | Place::Elsewhere if shared.is_strange() => Ok(strange()),
        Place::Elsewhere if shared.hermetic => Ok(forward::held_back(&shared, &host, port)),
        Place::Loopback | Place::Elsewhere if scheme == Scheme::Http => {
            Ok(forward::forward(&shared, &host, port, request).await)
        }
        Place::Loopback | Place::Elsewhere => {
            let why = format!("an https URL of {host} in clear; for hosts other than Klaviyo's use CONNECT");
            Ok(refusal(StatusCode::BAD_GATEWAY, &why))
        }
    }
}

/// A request that takes us for its server: from a client for whom a Klaviyo host leads here.
async fn straight(shared: &Shared, request: Request<Incoming>) -> Result<Response<Body>, Dropped> {
    let host = host(request.headers());
    if host.as_deref().map(Place::of) == Some(Place::Klaviyo) {
        return to_klaviyo(shared, Way::Plain, Scheme::Http, request).await;
    }
    let why = format!("this is a proxy, and no server for {:?}", host.as_deref().unwrap_or("no host"));
    Ok(refusal(StatusCode::MISDIRECTED_REQUEST, &why))
}

/// Has the fake Klaviyo answer; the probe is answered here, and is no request for Klaviyo.
pub(crate) async fn to_klaviyo(
    shared: &Shared,
    way: Way,
    scheme: Scheme,
    request: Request<Incoming>,
) -> Result<Response<Body>, Dropped> {
    if shared.probe.is_asked_by(&request) {
        return Ok(prove(shared));
    }
    if shared.is_strange() {
        return Ok(strange());
    }
    shared.tally.reached_by(way);
    let answer = shared.door.answer(ConnInfo { scheme }, request).await?;
    Ok(answer.map(|body| body.map_err(infallible).boxed()))
}

/// The probe's answer. Who asks for it is one of flowcheck's.
fn prove(shared: &Shared) -> Response<Body> {
    if let Some(knock) = &shared.knock {
        knock.open();
    }
    let body = Full::new(Bytes::from(shared.probe.answer().to_owned()));
    Response::new(body.map_err(infallible).boxed())
}

/// The host that a `Host` header names, without port.
pub(crate) fn host(headers: &HeaderMap) -> Option<String> {
    let authority: Authority = headers.get(HOST)?.to_str().ok()?.parse().ok()?;
    Some(authority.host().to_owned())
}

/// Host and port of a URL; none where it says a port that is none.
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

/// A body of nothing.
pub(crate) fn empty() -> Body {
    Empty::new().map_err(infallible).boxed()
}

/// A whole body's reading cannot fail.
pub(crate) fn infallible(never: Infallible) -> hyper::Error {
    match never {}
}
