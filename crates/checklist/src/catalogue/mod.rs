//! The catalogue: every item of the checklist that flowcheck judges, in Klaviyo's order.
//!
//! - One file per part of the checklist: `install`, `embedded`, `errors`, `uninstall`, `rate`, `scopes`, `oauth`, `api`; `probes` are
//!   the items of OAuth that are found out by doing what no honest user does.
//! - `all` puts them in order, and finds one by its id; `sources` are the documents that several parts quote.
//!
//! An item says what is required, who asks for it, and which judge decides it. It decides nothing itself.

mod all;
mod api;
mod embedded;
mod errors;
mod install;
mod oauth;
mod probes;
mod rate;
mod scopes;
mod sources;
mod uninstall;

pub use all::{BY_HAND, catalogue, find};
