//! What an app's calls of the API carry.
//!
//! One file per item; `every_call` is what several of them read.

pub(crate) mod bearer_only;
pub(crate) mod edge_challenge;
mod every_call;
pub(crate) mod published;
pub(crate) mod revision;
pub(crate) mod server_side;
