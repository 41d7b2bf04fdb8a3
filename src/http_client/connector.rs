//! Connections and the certificates they trust.

use std::sync::Arc;

use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};

use super::error::TlsError;

/// A connector for `http:` URLs, and with `secure` for `https:` URLs. Only `secure` reads the system's root certificates, which
/// takes longer than most local responses.
pub(crate) fn connector(secure: bool) -> Result<HttpsConnector<HttpConnector>, TlsError> {
    let config = if secure {
        tls_config()?
    } else {
        builder()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
    };
    Ok(HttpsConnectorBuilder::new().with_tls_config(config).https_or_http().enable_http1().build())
}

/// TLS that trusts the system's root certificates.
pub(crate) fn tls_config() -> Result<ClientConfig, TlsError> {
    Ok(builder()?.with_native_roots().map_err(TlsError::Roots)?.with_no_client_auth())
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, TlsError> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    Ok(builder.with_safe_default_protocol_versions()?)
}
