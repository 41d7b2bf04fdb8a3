//! What the connections of an endpoint share.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::ServerConfig;

use crate::klaviyo::embed::{Activity, HttpHandler};

use super::access_gate::AccessGate;
use super::probe::Probe;
use super::stats::Stats;

/// What the connections of an endpoint share.
#[derive(Debug)]
pub(crate) struct EndpointContext {
    /// The fake Klaviyo.
    pub(crate) klaviyo: HttpHandler,
    /// TLS for direct connections, which need SNI.
    pub(crate) by_sni: Arc<ServerConfig>,
    /// TLS inside CONNECT tunnels.
    pub(crate) in_tunnel: Arc<ServerConfig>,
    /// Whether requests to external hosts are refused.
    pub(crate) hermetic: bool,
    /// How long a client may be silent while the gateway waits for it.
    pub(crate) idle_timeout: Duration,
    /// The probe that proves that klaviyo.com is this gateway.
    pub(crate) probe: Probe,
    /// The endpoint's statistics.
    pub(crate) stats: Arc<Stats>,
    /// Admission of clients; none where only this machine can connect.
    pub(crate) access_gate: Option<AccessGate>,
    /// Ports of this machine that nothing is forwarded to: the browser's driver listens there.
    pub(crate) closed_ports: &'static [u16],
    /// The activity of the connection that this is the context of.
    pub(crate) activity: Option<Activity>,
}

impl EndpointContext {
    /// A context for another endpoint, with statistics of its own.
    pub(crate) fn with_new_stats(&self) -> Self {
        Self {
            klaviyo: self.klaviyo.clone(),
            by_sni: Arc::clone(&self.by_sni),
            in_tunnel: Arc::clone(&self.in_tunnel),
            probe: self.probe.clone(),
            stats: Arc::default(),
            access_gate: None,
            activity: None,
            ..*self
        }
    }

    /// The context for a connection of a client at this address.
    pub(crate) fn for_connection(&self, peer: IpAddr, activity: Activity) -> Arc<Self> {
        Arc::new(Self {
            access_gate: self.access_gate.as_ref().map(|access_gate| access_gate.for_peer(peer)),
            stats: Arc::clone(&self.stats),
            activity: Some(activity),
            ..self.with_new_stats()
        })
    }

    /// Whether the client has not yet proved that it is one of flowcheck's browsers.
    pub(crate) fn is_unauthorized(&self) -> bool {
        self.access_gate.as_ref().is_some_and(|access_gate| !access_gate.is_admitted())
    }
}
