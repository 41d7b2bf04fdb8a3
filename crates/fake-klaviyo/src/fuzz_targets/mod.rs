//! What `fuzz/` does with any bytes, and tests do with the seeds kept there: each function panics where something is wrong.
//!
//! - `oauth` plays authorization queries, token bodies and Basic headers, `api` bodies and queries of API calls.
//! - `connection` plays whole connections, `state_file` the file of `serve --state`.
//! - `scene` is the fake Klaviyo that the others ask, `seeds` the test that plays what is kept.

mod api;
mod connection;
mod oauth;
mod scene;
#[cfg(test)]
mod seeds;
mod state_file;

pub use api::{api_body, api_query};
pub use connection::klaviyo_connection;
pub use oauth::{authorize_query, basic_header, token_body};
pub use state_file::state_file;
