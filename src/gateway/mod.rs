//! The door that is klaviyo.com: for apps that nobody changes, and for nobody else.
//!
//! An app and Klaviyo's own SDKs have Klaviyo's hosts written into them. A [`Gateway`] listens on loopback, takes what
//! a child process sends to those hosts, and has the fake Klaviyo of its world answer. [`Gateway::environment`] is
//! what makes a child come here; nothing is installed system-wide, and nothing outlives the gateway.
//!
//! It has two doors, one for the app and one for the browser, so that it is known which of the two came.
//!
//! Its parts, from the outside in:
//!
//! - `gateway` is what the rest of flowcheck holds. `listener` takes connections and tells the ways in apart by their
//!   first byte: clear HTTP or TLS.
//! - `http` answers a request in clear: absolute-form, CONNECT, or plain. `tunnel` is what follows a CONNECT, `tls` what is inside TLS,
//!   `forward` takes a request to where it was bound for, `refusal` words what is not answered.
//! - `access_gate` keeps strangers out where other machines reach the browser's door.
//! - `host_class` says whose a host is. `certificate_authority` vouches for Klaviyo's, and can vouch for no other.
//! - `hosts_file` is the other way to lead children here, for clients that take no notice of a proxy.
//! - `network_namespace` is a network of a child's own for hermetic runs, `bridge` what is carried into it and out of it.
//! - `environment` are the variables for children, `ca_bundle` the certificates they trust, `preload.cjs`,
//!   `sitecustomize.py` and `preload.rb` what Node, Python and Ruby need besides.
//! - `stats` counts who came, and lists who was turned away. [`Probe`] is an address that proves klaviyo.com is ours.
//!
//! What is not Klaviyo's passes through unread, or is refused where the gateway is hermetic; either way it is not
//! journaled. This room imports only [`evidence`](crate::evidence), [`watchdog`](crate::watchdog) and [`klaviyo`](crate::klaviyo). It listens on
//! loopback only, unless it is told where browsers of other machines come, and writes only to a private folder of its own, which ends with it.

mod access_gate;
mod bridge;
mod ca_bundle;
mod certificate_authority;
mod environment;
mod forward;
#[expect(clippy::module_inception, reason = "the room's main noun is the room's name")]
mod gateway;
mod host_class;
mod hosts_file;
mod http;
mod idle_timeout;
mod listener;
mod network_namespace;
mod probe;
mod refusal;
mod stats;
mod tls;
mod tunnel;

pub use bridge::{Bridge, OutboundForward};
pub use certificate_authority::CertificateAuthorityError;
pub use environment::Environment;
pub use gateway::{Gateway, GatewayError, Options};
pub use hosts_file::HostsError;
pub use network_namespace::{NetworkNamespace, parse_inner_bridge};
pub use probe::Probe;
pub use stats::{RefusedTarget, RequestCounts};
