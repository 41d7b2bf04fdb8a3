//! Connections, and whom they trust.

use std::sync::Arc;

use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};

/// Connects to addresses with `http:`; to those with `https:` only where `secure`, which has this machine's certificates read: that
/// takes longer than most answers from this machine.
pub(crate) fn connector(secure: bool) -> Result<HttpsConnector<HttpConnector>, String> {
    let trust = if secure {
        tls_config()?
    } else {
        builder()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
    };
    Ok(HttpsConnectorBuilder::new().with_tls_config(trust).https_or_http().enable_http1().build())
}

/// TLS that trusts whom this machine trusts.
pub(crate) fn tls_config() -> Result<ClientConfig, String> {
    let trusting = builder()?.with_native_roots();
    Ok(trusting.map_err(|error| format!("this machine's certificates cannot be read: {error}"))?.with_no_client_auth())
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    builder.with_safe_default_protocol_versions().map_err(|error| format!("TLS cannot be spoken: {error}"))
}
