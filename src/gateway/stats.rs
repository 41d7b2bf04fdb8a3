//! What an endpoint counts: enough to tell an app that uses the gateway from one that bypasses it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Targets that are listed; further ones are refused without being listed.
const LISTED_AT_MOST: usize = 1_000;

/// How a request for Klaviyo reaches the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ingress {
    /// Cleartext to the proxy, in absolute form.
    Absolute,
    /// Through a CONNECT tunnel.
    Connect,
    /// By TLS, directly.
    Sni,
    /// Cleartext, directly.
    Plain,
}

/// Requests for Klaviyo, by ingress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestCounts {
    /// Cleartext to the proxy, in absolute form, as axios before 1.8 sends them.
    pub absolute: u64,
    /// Through a CONNECT tunnel.
    pub connect: u64,
    /// By TLS directly to the gateway, as with the Node preload.
    pub sni: u64,
    /// Cleartext, directly to the gateway.
    pub plain: u64,
}

impl RequestCounts {
    /// All of them.
    pub fn total(self) -> u64 {
        self.absolute + self.connect + self.sni + self.plain
    }
}

/// A target that a hermetic gateway refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedTarget {
    /// Host and port.
    pub target: String,
    /// Number of attempts.
    pub times: u64,
}

/// The counters of an endpoint.
#[derive(Debug, Default)]
pub(crate) struct Stats {
    absolute: AtomicU64,
    connect: AtomicU64,
    sni: AtomicU64,
    plain: AtomicU64,
    connections: AtomicU64,
    distrusted: Mutex<Vec<String>>,
    refused: Mutex<Vec<RefusedTarget>>,
}

impl Stats {
    /// Counts a request for Klaviyo.
    pub(crate) fn count_request(&self, ingress: Ingress) {
        let counter = match ingress {
            Ingress::Absolute => &self.absolute,
            Ingress::Connect => &self.connect,
            Ingress::Sni => &self.sni,
            Ingress::Plain => &self.plain,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a TLS connection to Klaviyo.
    pub(crate) fn count_connection(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// Lists a host whose certificate a client rejected.
    pub(crate) fn note_distrust(&self, host: &str) {
        let mut distrusted = self.distrusted.lock().unwrap_or_else(PoisonError::into_inner);
        if distrusted.len() < LISTED_AT_MOST && !distrusted.iter().any(|known| known == host) {
            distrusted.push(host.to_owned());
        }
    }

    /// Lists a refused target.
    pub(crate) fn note_refusal(&self, target: &str) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = refused.iter_mut().find(|known| known.target == target) {
            known.times += 1;
        } else if refused.len() < LISTED_AT_MOST {
            refused.push(RefusedTarget { target: target.to_owned(), times: 1 });
        }
    }

    /// Requests for Klaviyo so far.
    pub(crate) fn request_counts(&self) -> RequestCounts {
        RequestCounts {
            absolute: self.absolute.load(Ordering::Relaxed),
            connect: self.connect.load(Ordering::Relaxed),
            sni: self.sni.load(Ordering::Relaxed),
            plain: self.plain.load(Ordering::Relaxed),
        }
    }

    /// TLS connections to Klaviyo so far.
    pub(crate) fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Hosts whose certificate a client has rejected so far.
    pub(crate) fn distrusted(&self) -> Vec<String> {
        self.distrusted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Refused targets so far, in the order of their first attempt.
    pub(crate) fn refused(&self) -> Vec<RefusedTarget> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
