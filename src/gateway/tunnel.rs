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

use super::http::{Body, empty};
use super::knock::Knock;
use super::names::Place;
use super::probe::Probe;
use super::refusal::{last_refusal, refusal, strange};
use super::tally::{Tally, Way};
use super::{forward, tls};

/// The only port that Klaviyo answers TLS on.
pub(crate) const HTTPS: u16 = 443;

/// What every connection needs.
#[derive(Debug)]
pub(crate) struct Shared {
    /// The fake Klaviyo.
    pub(crate) door: Door,
    /// TLS for those who come straight here.
    pub(crate) by_sni: Arc<ServerConfig>,
    /// TLS for those who come by CONNECT.
    pub(crate) in_tunnel: Arc<ServerConfig>,
    /// Whether what is neither Klaviyo's nor on this machine is refused.
    pub(crate) hermetic: bool,
    /// How long a client may be silent where it is its turn.
    pub(crate) patience: Duration,
    /// What proves that klaviyo.com is here.
    pub(crate) probe: Probe,
    /// Who came.
    pub(crate) tally: Arc<Tally>,
    /// What a client has to do first; none where only this machine's come.
    pub(crate) knock: Option<Knock>,
    /// Ports of this machine to which nothing is taken.
    pub(crate) closed_ports: &'static [u16],
}

impl Shared {
    /// The same for another door, where it is counted anew who came.
    pub(crate) fn beside(&self) -> Self {
        Self {
            door: self.door.clone(),
            by_sni: Arc::clone(&self.by_sni),
            in_tunnel: Arc::clone(&self.in_tunnel),
            probe: self.probe.clone(),
            tally: Arc::default(),
            knock: None,
            ..*self
        }
    }
}

impl Shared {
    /// The same for a client that comes from this address.
    pub(crate) fn met_by(self: &Arc<Self>, peer: IpAddr) -> Arc<Self> {
        let Some(knock) = &self.knock else { return Arc::clone(self) };
        Arc::new(Self { knock: Some(knock.by(peer)), tally: Arc::clone(&self.tally), ..self.beside() })
    }

    /// Whether who asks has yet to prove that it is one of flowcheck's browsers.
    pub(crate) fn is_strange(&self) -> bool {
        self.knock.as_ref().is_some_and(|knock| !knock.is_known())
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
pub(crate) async fn open(shared: &Shared, request: Request<Incoming>) -> (Response<Body>, Option<Tunnel>) {
    let version = request.version();
    let target = request.uri().authority().and_then(|to| Some((to.host().to_owned(), to.port_u16()?)));
    let Some((host, port)) = target.filter(|(host, _)| !host.is_empty()) else {
        let why = "CONNECT takes a host and a port, such as a.klaviyo.com:443";
        return (last_refusal(version, StatusCode::BAD_REQUEST, why), None);
    };
    let to = match Place::of(&host) {
        Place::Klaviyo if port == HTTPS => To::Klaviyo,
        Place::Klaviyo => {
            let why = format!("Klaviyo answers on port {HTTPS} only, and CONNECT asked for {host}:{port}");
            return (refusal(StatusCode::FORBIDDEN, &why), None);
        }
        Place::Elsewhere if shared.hermetic && !shared.is_strange() => {
            return (forward::held_back(shared, &host, port), None);
        }
        Place::Loopback | Place::Elsewhere if shared.is_strange() => return (strange(), None),
        Place::Loopback | Place::Elsewhere => match forward::dial(shared, &host, port).await {
            Ok(stream) => To::Through(stream),
            Err(why) => return (refusal(StatusCode::BAD_GATEWAY, &why), None),
        },
    };
    (Response::new(empty()), Some(Tunnel { client: hyper::upgrade::on(request), to }))
}

impl Tunnel {
    /// Serves the tunnel until it ends or until the gateway stops.
    pub(crate) async fn serve(self, shared: &Arc<Shared>, mut stopped: watch::Receiver<bool>) {
        let Ok(client) = self.client.await else { return };
        let mut client = TokioIo::new(client);
        match self.to {
            To::Klaviyo => tls::serve(client, shared, Way::Connect, stopped).await,
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
