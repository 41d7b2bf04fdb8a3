//! Who came to the gateway: enough to tell an app that uses it from one that goes around it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Targets that are listed; more are only refused.
const LISTED_AT_MOST: usize = 1_000;

/// The ways by which a request for Klaviyo comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ingress {
    /// In clear to a proxy, with the whole URL in the request line.
    Absolute,
    /// Through a proxy's tunnel.
    Connect,
    /// By TLS straight to us.
    Sni,
    /// In clear straight to us.
    Plain,
}

/// How many requests for Klaviyo came, by the way they took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestCounts {
    /// In clear to the proxy, with the whole URL in the request line, as axios before 1.8 sends them.
    pub absolute: u64,
    /// Through a tunnel by CONNECT.
    pub connect: u64,
    /// By TLS straight to the gateway, such as by the Node preload.
    pub sni: u64,
    /// In clear straight to the gateway.
    pub plain: u64,
}

impl RequestCounts {
    /// All of them.
    pub fn total(self) -> u64 {
        self.absolute + self.connect + self.sni + self.plain
    }
}

/// A target that a hermetic gateway turned away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedTarget {
    /// Host and port.
    pub target: String,
    /// How often.
    pub times: u64,
}

/// What is counted.
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
    pub(crate) fn count_request(&self, way: Ingress) {
        let counter = match way {
            Ingress::Absolute => &self.absolute,
            Ingress::Connect => &self.connect,
            Ingress::Sni => &self.sni,
            Ingress::Plain => &self.plain,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a TLS connection to Klaviyo that was begun.
    pub(crate) fn count_connection(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes a host whose certificate a client refused.
    pub(crate) fn note_distrust(&self, host: &str) {
        let mut distrusted = self.distrusted.lock().unwrap_or_else(PoisonError::into_inner);
        if distrusted.len() < LISTED_AT_MOST && !distrusted.iter().any(|known| known == host) {
            distrusted.push(host.to_owned());
        }
    }

    /// Notes a target that was turned away.
    pub(crate) fn note_refusal(&self, target: &str) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = refused.iter_mut().find(|known| known.target == target) {
            known.times += 1;
        } else if refused.len() < LISTED_AT_MOST {
            refused.push(RefusedTarget { target: target.to_owned(), times: 1 });
        }
    }

    /// What was counted so far.
    pub(crate) fn request_counts(&self) -> RequestCounts {
        RequestCounts {
            absolute: self.absolute.load(Ordering::Relaxed),
            connect: self.connect.load(Ordering::Relaxed),
            sni: self.sni.load(Ordering::Relaxed),
            plain: self.plain.load(Ordering::Relaxed),
        }
    }

    /// TLS connections that were begun so far.
    pub(crate) fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Hosts whose certificate was refused so far.
    pub(crate) fn distrusted(&self) -> Vec<String> {
        self.distrusted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who was turned away so far, in the order of their first try.
    pub(crate) fn refused(&self) -> Vec<RefusedTarget> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
