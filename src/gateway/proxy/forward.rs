//! Requests for hosts other than Klaviyo's: forwarded unread, or refused where the gateway is hermetic.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
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

use crate::gateway::context::EndpointContext;
use crate::gateway::host_class::HostClass;

use super::body::Body;
use super::refusal::refusal;

/// How long a host may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The response of a hermetic gateway; lists the target.
pub(crate) fn refuse_hermetic(context: &EndpointContext, host: &str, port: u16) -> Response<Body> {
    let target = format!("{host}:{port}");
    context.stats.note_refusal(&target);
    refusal(StatusCode::FORBIDDEN, &format!("{target} is not Klaviyo's, and this run is hermetic"))
}

/// A host that cannot be connected to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    /// It refused, or its name could not be resolved.
    #[error("cannot reach {target}: {source}")]
    Unreachable {
        /// Host and port.
        target: String,
        /// The system's error.
        source: io::Error,
    },
    /// It did not accept in time.
    #[error("{target} did not answer within {} s", CONNECT_TIMEOUT.as_secs())]
    TimedOut {
        /// Host and port.
        target: String,
    },
    /// A browser's driver may listen there.
    #[error("{target} is closed to pages: flowcheck keeps that port for the browser's driver")]
    ClosedPort {
        /// Host and port.
        target: String,
    },
}

/// Connects to a host.
pub(crate) async fn connect(context: &EndpointContext, host: &str, port: u16) -> Result<TcpStream, ConnectError> {
    // Resolvers differ over subdomains of localhost, and must not be asked about them (R 6761 §6.3).
    let below_localhost =
        HostClass::of(host) == HostClass::Loopback && host.to_ascii_lowercase().ends_with("localhost");
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let target = || format!("{host}:{port}");
    let connected = timeout(CONNECT_TIMEOUT, async {
        let addresses: Vec<SocketAddr> = if below_localhost {
            // An app may listen at either, whatever /etc/hosts says of the name.
            vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]
        } else {
            lookup_host((name, port)).await?.collect()
        };
        // The resolved addresses, not the name: a name may resolve otherwise from one lookup to the next.
        if context.closed_ports.contains(&port) && addresses.iter().any(|address| is_this_machine(address.ip())) {
            return Ok(None);
        }
        TcpStream::connect(&*addresses).await.map(Some)
    });
    match connected.await {
        Ok(Ok(Some(stream))) => Ok(stream),
        Ok(Ok(None)) => Err(ConnectError::ClosedPort { target: target() }),
        Ok(Err(source)) => Err(ConnectError::Unreachable { target: target(), source }),
        Err(_) => Err(ConnectError::TimedOut { target: target() }),
    }
}

/// Whether a connection to this address ends at this machine's loopback interface; one to the unspecified address does, too.
fn is_this_machine(address: IpAddr) -> bool {
    let address = address.to_canonical();
    address.is_loopback() || address.is_unspecified()
}

/// Forwards a cleartext request to its host, and streams the response back.
pub(crate) async fn forward(
    context: &EndpointContext,
    host: &str,
    port: u16,
    request: Request<Incoming>,
) -> Response<Body> {
    let broken = |why: String| refusal(StatusCode::BAD_GATEWAY, &why);
    let stream = match connect(context, host, port).await {
        Ok(stream) => stream,
        Err(error) => return broken(error.to_string()),
    };
    let (mut sender, connection) = match http1::handshake(TokioIo::new(stream)).await {
        Ok(both) => both,
        Err(error) => return broken(format!("{host}:{port}: {error}")),
    };
    // Drives the connection until the response body has been read.
    tokio::spawn(async move { drop(connection.await) });
    match sender.send_request(to_origin_form(request)).await {
        Ok(mut answer) => {
            drop_hop_by_hop(answer.headers_mut());
            answer.map(Incoming::boxed)
        }
        Err(error) => broken(format!("{host}:{port} gave no answer: {error}")),
    }
}

/// The request in origin form, without the headers that are between the client and its proxy.
fn to_origin_form(mut request: Request<Incoming>) -> Request<Incoming> {
    let host = request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    let target = request.uri().path_and_query().cloned();
    *request.uri_mut() = target.map_or_else(Uri::default, Uri::from);
    drop_hop_by_hop(request.headers_mut());
    if let Some(host) = host {
        request.headers_mut().insert(HOST, host);
    }
    request
}

/// Removes hop-by-hop headers (R 9110 §7.6.1).
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
