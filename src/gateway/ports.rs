//! The ports that Klaviyo answers on.

/// HTTP in clear.
pub(crate) const HTTP: u16 = 80;
/// TLS.
pub(crate) const HTTPS: u16 = 443;
