//! HTTP as a client: of the app, and of WebDriver ends elsewhere.
//!
//! - [`ask`] sends one request without a body, and waits for the whole answer.
//! - [`connector`] connects, by TLS where the address says so; [`trust`] is whom that believes.

mod ask;
mod connector;

pub(crate) use ask::ask;
pub(crate) use connector::{connector, trust};
