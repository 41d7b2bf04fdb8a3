//! Routes a child process to the gateway.
//!
//! - `environment` holds the variables for children, `ca_bundle` the certificates they trust, and `java_trust_store` the same for Java;
//!   `preload.cjs`, `sitecustomize.py` and `preload.rb` are loaded into Node, Python and Ruby.
//! - `hosts_file` resolves Klaviyo's names to the gateway, for HTTP clients that ignore proxy settings.
//! - `network_namespace` isolates a child's network in hermetic runs; `bridge` carries connections into and out of it.
//! - `unshare` tells whether a child can be given namespaces of its own.

pub(super) mod bridge;
pub(super) mod ca_bundle;
pub(super) mod environment;
pub(super) mod hosts_file;
pub(super) mod java_trust_store;
pub(super) mod network_namespace;
pub(super) mod unshare;
