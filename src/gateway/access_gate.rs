//! Access control of an endpoint that other machines can reach: only addresses from which the probe, an unguessable URL, has been
//! requested. Otherwise the gateway would be an open proxy, also to this machine's loopback.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Access control as seen by one client.
#[derive(Debug, Clone)]
pub(crate) struct AccessGate {
    admitted: Arc<Mutex<HashSet<IpAddr>>>,
    peer: IpAddr,
}

impl AccessGate {
    /// A gate that has admitted no one.
    pub(crate) fn new() -> Self {
        Self { admitted: Arc::default(), peer: Ipv4Addr::UNSPECIFIED.into() }
    }

    /// The gate for a client at this address.
    pub(crate) fn for_peer(&self, peer: IpAddr) -> Self {
        Self { admitted: Arc::clone(&self.admitted), peer: peer.to_canonical() }
    }

    /// Admits every client at this client's address from now on.
    pub(crate) fn admit(&self) {
        self.admitted.lock().unwrap_or_else(PoisonError::into_inner).insert(self.peer);
    }

    /// Whether this client is admitted.
    pub(crate) fn is_admitted(&self) -> bool {
        self.admitted.lock().unwrap_or_else(PoisonError::into_inner).contains(&self.peer)
    }
}
