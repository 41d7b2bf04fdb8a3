//! The gateway: routes an unmodified app's requests for klaviyo.com to a fake Klaviyo.
//!
//! Klaviyo's hosts are written into apps and into Klaviyo's own SDKs. A [`Gateway`] listens on loopback, receives what a child
//! process sends to those hosts, and has the fake Klaviyo of its world answer. [`Gateway::environment`] makes a child use it;
//! nothing is installed system-wide, and nothing outlives the gateway.
//!
//! It has two endpoints, one for the app and one for the browser, so that their traffic is counted apart.
//!
//! - `gateway` is the public face. `listener` accepts connections and tells cleartext HTTP from TLS by the first byte;
//!   `context` is what every connection of an endpoint shares.
//! - `proxy` answers requests: for Klaviyo, for everything else, and with the gateway's own errors.
//! - `child` makes child processes reach the gateway: variables, trusted certificates, a hosts file, a network namespace.
//! - `access_gate` admits only flowcheck's browsers where other machines can connect.
//! - `host_class` says whether a host is Klaviyo's, this machine's or external, `ports` which ports Klaviyo answers on.
//! - `certificate_authority` issues certificates for klaviyo.com and can issue no others.
//! - `idle_timeout` closes silent connections. `stats` counts requests and lists refused targets.
//! - `fuzz_targets` plays any connection.
//! - [`Probe`] is a URL that proves to a browser that klaviyo.com is this gateway.
//!
//! Requests for other hosts pass through unread, or are refused where the gateway is hermetic; neither is recorded. This room
//! imports only [`evidence`](crate::evidence), [`watchdog`](crate::watchdog) and [`klaviyo`](crate::klaviyo). It listens on
//! loopback only, unless it is given an address for browsers of other machines, and writes only to a private temporary folder.

mod access_gate;
mod certificate_authority;
mod child;
mod context;
#[cfg(any(test, fuzzing))]
pub mod fuzz_targets;
#[expect(clippy::module_inception, reason = "the room's main noun is the room's name")]
mod gateway;
mod host_class;
mod idle_timeout;
mod listener;
mod ports;
mod probe;
mod proxy;
mod stats;

pub use certificate_authority::CertificateAuthorityError;
pub use child::bridge::{Bridge, OutboundForward};
pub use child::environment::Environment;
pub use child::hosts_file::HostsError;
pub use child::network_namespace::{NetworkNamespace, NetworkNamespaceError, parse_inner_bridge};
pub use child::unshare::UnshareError;
pub use gateway::{Gateway, GatewayError, Options};
pub use probe::Probe;
pub use stats::{RefusedTarget, RequestCounts};
