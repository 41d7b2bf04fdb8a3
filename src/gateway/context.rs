//! What every connection of an endpoint needs.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::ServerConfig;

use crate::klaviyo::door::Door;

use super::access_gate::AccessGate;
use super::probe::Probe;
use super::stats::Stats;

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
