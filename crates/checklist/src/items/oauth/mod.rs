//! OAuth requests, as Klaviyo's servers and reviewers see them.
//!
//! One file per item; `seen_requests` is what several of them read.

pub(crate) mod authorize_request;
pub(crate) mod client_auth;
pub(crate) mod pkce;
pub(crate) mod redirect_uri;
mod seen_requests;
pub(crate) mod state_sent;
pub(crate) mod token_host;
