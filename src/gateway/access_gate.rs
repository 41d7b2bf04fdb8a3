//! Who may use a door that other machines can reach: only those from where somebody has asked for the probe, whose address nobody
//! guesses. Without it the gateway would be a proxy for everybody around, and into this machine's loopback.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// A client at such a door.
#[derive(Debug, Clone)]
pub(crate) struct AccessGate {
    admitted: Arc<Mutex<HashSet<IpAddr>>>,
    peer: IpAddr,
}

impl AccessGate {
    /// For a door that nobody has come to yet.
    pub(crate) fn new() -> Self {
        Self { admitted: Arc::default(), peer: Ipv4Addr::UNSPECIFIED.into() }
    }

    /// The same for a client that comes from this address.
    pub(crate) fn for_peer(&self, peer: IpAddr) -> Self {
        Self { admitted: Arc::clone(&self.admitted), peer: peer.to_canonical() }
    }

    /// Lets everybody in from now on who comes from where this client does.
    pub(crate) fn admit(&self) {
        self.admitted.lock().unwrap_or_else(PoisonError::into_inner).insert(self.peer);
    }

    /// Whether it is let in.
    pub(crate) fn is_admitted(&self) -> bool {
        self.admitted.lock().unwrap_or_else(PoisonError::into_inner).contains(&self.peer)
    }
}
