//! CONNECT: to Klaviyo, which is here, or through to where it was bound for.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::http::StatusCode;
use hyper::upgrade::OnUpgrade;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::rustls::ServerConfig;

use crate::klaviyo::door::Door;

use super::access_gate::AccessGate;
use super::host_class::HostClass;
use super::http::{Body, empty};
use super::probe::Probe;
use super::refusal::{closing_refusal, refusal, unauthorized};
use super::stats::{Ingress, Stats};
use super::{forward, tls};

/// The only port that Klaviyo answers TLS on.
pub(crate) const HTTPS: u16 = 443;

/// What every connection needs.
#[derive(Debug)]
pub(crate) struct EndpointContext {
    /// The fake Klaviyo.
    pub(crate) klaviyo: Door,
    /// TLS for those who come straight here.
    pub(crate) by_sni: Arc<ServerConfig>,
    /// TLS for those who come by CONNECT.
    pub(crate) in_tunnel: Arc<ServerConfig>,
    /// Whether what is neither Klaviyo's nor on this machine is refused.
    pub(crate) hermetic: bool,
    /// How long a client may be silent where it is its turn.
    pub(crate) idle_timeout: Duration,
    /// What proves that klaviyo.com is here.
    pub(crate) probe: Probe,
    /// Who came.
    pub(crate) stats: Arc<Stats>,
    /// What a client has to do first; none where only this machine's come.
    pub(crate) access_gate: Option<AccessGate>,
}

impl EndpointContext {
    /// The same for another door, where it is counted anew who came.
    pub(crate) fn with_new_stats(&self) -> Self {
        Self {
            klaviyo: self.klaviyo.clone(),
            by_sni: Arc::clone(&self.by_sni),
            in_tunnel: Arc::clone(&self.in_tunnel),
            probe: self.probe.clone(),
            stats: Arc::default(),
            access_gate: None,
            ..*self
        }
    }
}

impl EndpointContext {
    /// The same for a client that comes from this address.
    pub(crate) fn for_peer(self: &Arc<Self>, peer: IpAddr) -> Arc<Self> {
        let Some(access_gate) = &self.access_gate else { return Arc::clone(self) };
        Arc::new(Self {
            access_gate: Some(access_gate.for_peer(peer)),
            stats: Arc::clone(&self.stats),
            ..self.with_new_stats()
        })
    }

    /// Whether who asks has yet to prove that it is one of flowcheck's browsers.
    pub(crate) fn is_unauthorized(&self) -> bool {
        self.access_gate.as_ref().is_some_and(|access_gate| !access_gate.is_admitted())
    }
}

/// What follows on a connection once CONNECT is answered.
#[derive(Debug)]
pub(crate) struct Tunnel {
    client: OnUpgrade,
    to: To,
}

#[derive(Debug)]
enum To {
    Klaviyo,
    Through(TcpStream),
}

/// The answer to a CONNECT, and the tunnel where it is granted.
pub(crate) async fn open(context: &EndpointContext, request: Request<Incoming>) -> (Response<Body>, Option<Tunnel>) {
    let version = request.version();
    let target = request.uri().authority().and_then(|to| Some((to.host().to_owned(), to.port_u16()?)));
    let Some((host, port)) = target.filter(|(host, _)| !host.is_empty()) else {
        let why = "CONNECT takes a host and a port, such as a.klaviyo.com:443";
        return (closing_refusal(version, StatusCode::BAD_REQUEST, why), None);
    };
    let to = match HostClass::of(&host) {
        HostClass::Klaviyo if port == HTTPS => To::Klaviyo,
        HostClass::Klaviyo => {
            let why = format!("Klaviyo answers on port {HTTPS} only, and CONNECT asked for {host}:{port}");
            return (refusal(StatusCode::FORBIDDEN, &why), None);
        }
        HostClass::External if context.hermetic && !context.is_unauthorized() => {
            return (forward::refuse_hermetic(context, &host, port), None);
        }
        HostClass::Loopback | HostClass::External if context.is_unauthorized() => return (unauthorized(), None),
        HostClass::Loopback | HostClass::External => match forward::connect(&host, port).await {
            Ok(stream) => To::Through(stream),
            Err(why) => return (refusal(StatusCode::BAD_GATEWAY, &why), None),
        },
    };
    (Response::new(empty()), Some(Tunnel { client: hyper::upgrade::on(request), to }))
}

impl Tunnel {
    /// Serves the tunnel until it ends or until the gateway stops.
    pub(crate) async fn serve(self, context: &Arc<EndpointContext>, mut stopped: watch::Receiver<bool>) {
        let Ok(client) = self.client.await else { return };
        let mut client = TokioIo::new(client);
        match self.to {
            To::Klaviyo => tls::serve(client, context, Ingress::Connect, stopped).await,
            To::Through(mut server) => {
                // How it ends is between the two.
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                    _ = stopped.wait_for(|stopped| *stopped) => {}
                }
            }
        }
    }
}
