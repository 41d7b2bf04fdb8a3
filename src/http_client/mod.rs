//! HTTP client for the app and for remote WebDriver ends.
//!
//! - `send` sends one request without a body and reads the whole response; [`HttpError`] says why there is none.
//! - `accepts_connections` says whether a server listens.
//! - `connector` connects, with TLS for `https:` URLs; `tls_config` trusts the system's root certificates.

mod connector;
mod error;
mod request;

pub(crate) use connector::{connector, tls_config};
pub use error::{HttpError, TlsError, TransportError};
pub(crate) use request::{accepts_connections, send};
