//! A fake Klaviyo for tests of apps that integrate with it: bind, run, stop.
//!
#![doc = include_str!("../README.md")]
//!
//! # Inside
//!
//! From the outside in:
//!
//! - `builder` describes a [`Server`], `server` starts and stops it, `server_control` is what tests change and read.
//!   [`embed`] is for programs that accept the connections themselves; [`coverage`] lists what is modelled.
//! - `http` accepts connections, and leads each request to its handler. A handler is a plain function from a request to
//!   a response; it never waits.
//! - `oauth` authorizes, exchanges, refreshes and revokes. `api` is `/api` and `/client`. `pages` are Klaviyo's pages for
//!   browsers. `control_api` and `sandbox` are `/_flowcheck`.
//! - `state` is what one server knows, `model` the values that it is made of, `store` the state file.
//!
//! The crate depends on `flowcheck-evidence` only; it never judges, never prints, and listens on loopback addresses only.

mod api;
mod behaviours;
mod bind_error;
mod builder;
mod control_api;
pub mod coverage;
pub mod embed;
#[cfg(any(test, fuzzing))]
pub mod fuzz_targets;
mod http;
mod model;
mod oauth;
mod pages;
mod sandbox;
mod server;
mod server_control;
mod state;
mod store;

pub use bind_error::BindError;
pub use builder::Builder;
pub use model::account::{Account, AccountId, User};
pub use model::client::Client;
pub use model::confidential::Confidential;
pub use model::fault::{Endpoint, Fault, FaultKind};
pub use model::install::Install;
pub use model::settings::{Refresh, RetiredRevisions, Settings};
pub use server::Server;
pub use state::clock::Clock;
pub use state::test_control::{Callback, TestControlError};
pub use store::file::{StateFile, StateFileError};

#[doc(no_inline)]
pub use flowcheck_evidence::{Installs, Role, UserChange};

#[doc(no_inline)]
pub use flowcheck_evidence as evidence;
