//! What is not Klaviyo's: taken to where it was bound for, unread, or held back.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue, UPGRADE};
use hyper::http::StatusCode;
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::http::Body;
use super::names::Place;
use super::refusal::refusal;
use super::tunnel::Shared;

/// How long a host elsewhere may take to accept a connection.
const DIAL_WITHIN: Duration = Duration::from_secs(10);

/// The answer of a hermetic gateway; the target is listed.
pub(crate) fn held_back(shared: &Shared, host: &str, port: u16) -> Response<Body> {
    let target = format!("{host}:{port}");
    shared.tally.refuse(&target);
    refusal(StatusCode::FORBIDDEN, &format!("{target} is not Klaviyo's, and this run is hermetic"))
}

/// A connection to a host, or why there is none.
pub(crate) async fn dial(shared: &Shared, host: &str, port: u16) -> Result<TcpStream, String> {
    // Resolvers differ over names below localhost; none may be asked about them (R 6761 §6.3).
    let below_localhost = Place::of(host) == Place::Loopback && host.to_ascii_lowercase().ends_with("localhost");
    let name = if below_localhost { "localhost" } else { host.trim_start_matches('[').trim_end_matches(']') };
    let dialled = timeout(DIAL_WITHIN, async {
        let addresses: Vec<SocketAddr> = lookup_host((name, port)).await?.collect();
        // The addresses that are connected to, not the name: what a name stands for may change from one look to the next.
        if shared.closed_ports.contains(&port) && addresses.iter().any(|address| is_this_machine(address.ip())) {
            return Ok(None);
        }
        TcpStream::connect(&*addresses).await.map(Some)
    });
    match dialled.await {
        Ok(Ok(Some(stream))) => Ok(stream),
        Ok(Ok(None)) => {
            Err(format!("{host}:{port} is closed to pages: flowcheck keeps that port for the browser's driver"))
        }
        Ok(Err(error)) => Err(format!("cannot reach {host}:{port}: {error}")),
        Err(_) => Err(format!("{host}:{port} did not answer within {} s", DIAL_WITHIN.as_secs())),
    }
}

/// Whether a connection to this address ends on this machine's loopback; to the unspecified one it does, too.
fn is_this_machine(address: IpAddr) -> bool {
    let address = address.to_canonical();
    address.is_loopback() || address.is_unspecified()
}

/// Takes a request in clear to its host, and brings the answer back as it comes.
pub(crate) async fn forward(shared: &Shared, host: &str, port: u16, request: Request<Incoming>) -> Response<Body> {
    let broken = |why: String| refusal(StatusCode::BAD_GATEWAY, &why);
    let stream = match dial(shared, host, port).await {
        Ok(stream) => stream,
        Err(why) => return broken(why),
    };
    let (mut sender, connection) = match http1::handshake(TokioIo::new(stream)).await {
        Ok(both) => both,
        Err(error) => return broken(format!("{host}:{port}: {error}")),
    };
    // Ends with the answer's body, whose reading it drives.
    tokio::spawn(async move { drop(connection.await) });
    match sender.send_request(onward(request)).await {
        Ok(mut answer) => {
            drop_hop_by_hop(answer.headers_mut());
            answer.map(Incoming::boxed)
        }
        Err(error) => broken(format!("{host}:{port} gave no answer: {error}")),
    }
}

/// The request as its host is to see it: in origin form, without what was between the client and its proxy.
fn onward(mut request: Request<Incoming>) -> Request<Incoming> {
    let host = request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    let target = request.uri().path_and_query().cloned();
    *request.uri_mut() = target.map_or_else(Uri::default, Uri::from);
    drop_hop_by_hop(request.headers_mut());
    if let Some(host) = host {
        request.headers_mut().insert(HOST, host);
    }
    request
}

/// Removes what is between two neighbours only (R 9110 §7.6.1).
fn drop_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in [CONNECTION, UPGRADE, HeaderName::from_static("keep-alive"), HeaderName::from_static("te")] {
        headers.remove(name);
    }
}
