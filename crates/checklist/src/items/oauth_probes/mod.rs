//! OAuth items that are found out by probing: changed callbacks, expired tokens, a failing token endpoint, a search for secrets.
//!
//! One file per item; `callback_visits`, `token_expiry` are what several of them read.

mod callback_visits;
pub(crate) mod code_replay;
pub(crate) mod refresh;
pub(crate) mod refresh_once;
pub(crate) mod refresh_rotation;
pub(crate) mod secrets_hidden;
pub(crate) mod state_bound;
pub(crate) mod state_checked;
pub(crate) mod survives;
mod token_expiry;
pub(crate) mod unavailable;
