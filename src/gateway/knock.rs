//! Who may use a door that other machines can reach: only those from where somebody has asked for the probe, whose address nobody
//! guesses. Without it the gateway would be a proxy for everybody around, and into this machine's loopback.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// A client at such a door.
#[derive(Debug, Clone)]
pub(crate) struct Knock {
    known: Arc<Mutex<HashSet<IpAddr>>>,
    peer: IpAddr,
}

impl Knock {
    /// For a door that nobody has come to yet.
    pub(crate) fn new() -> Self {
        Self { known: Arc::default(), peer: Ipv4Addr::UNSPECIFIED.into() }
    }

    /// The same for a client that comes from this address.
    pub(crate) fn by(&self, peer: IpAddr) -> Self {
        Self { known: Arc::clone(&self.known), peer: peer.to_canonical() }
    }

    /// Lets everybody in from now on who comes from where this client does.
    pub(crate) fn open(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(self.peer);
    }

    /// Whether it is let in.
    pub(crate) fn is_known(&self) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(&self.peer)
    }
}
