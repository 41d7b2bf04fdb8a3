//! HTTP as a client: of the app, and of WebDriver ends elsewhere.
//!
//! - [`send`] sends one request without a body, and waits for the whole answer.
//! - [`connector`] connects, by TLS where the address says so; [`tls_config`] is whom that trusts.

mod connector;
mod request;

pub(crate) use connector::{connector, tls_config};
pub(crate) use request::send;
