//! The fake Klaviyo: bind, run, stop, in a few lines of any Rust test.
//!
//! ```no_run
//! # use fake_klaviyo as klaviyo;
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let klaviyo = klaviyo::Server::builder()
//!     .client(klaviyo::Client::new("my-client-id", "my-client-secret").redirect_uri("http://localhost:3000/callback"))
//!     .bind("127.0.0.1:0")
//!     .await?;
//! println!("{}oauth/authorize", klaviyo.www());
//! klaviyo.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! Its parts, from the outside in:
//!
//! - [`Server`] and its [`Builder`]: what the rest of flowcheck holds. `listener` takes connections, `door` speaks
//!   HTTP on one of them, `connection` says for how long, `host` says which of Klaviyo's hosts was asked for.
//! - `routes` is the table of contents: every path with its handler. A handler is a plain function from a
//!   `call` to an answer; nothing in it waits.
//! - `oauth` authorizes, exchanges, refreshes, revokes. `api` is `/api` and `/client`. `pages` are the pages a person
//!   sees. `control` is the private API that arranges scenarios.
//! - `platform` owns everything there is to know: clients, accounts, sessions, attempts, codes, installs, data. The
//!   [`Clock`] moves forward at will, and [`Fault`]s make Klaviyo misbehave on purpose.
//! - `store` keeps what outlives a restart, in a state file.
//! - `sandbox` is the page that shows all of it to a person, live.
//! - `journal` puts every exchange on the timeline, without secrets. `sources` says where behaviour is known from.
//!
//! Doc comments cite where a behaviour comes from: **S** Klaviyo's guides on app review, **D** its developer docs,
//! **O** observed by third parties, **P** the published API description, **R** an RFC, **A** our assumption.
//!
//! This room imports only [`evidence`](flowcheck_evidence). It never judges, never prints, and never leaves loopback by
//! itself.

mod api;
mod behaviours;
mod control_api;
mod http;
mod model;
mod oauth;
mod pages;
mod sandbox;
mod server;
mod state;
mod store;

pub use api::spec::operation_kind::{Depth, OperationCoverage, coverage};
pub use behaviours::{Behaviour, behaviours};
pub use http::{connection, handler};
pub use model::account::{Account, AccountId, User};
pub use model::client::Client;
pub use model::confidential::Confidential;
pub use model::fault::{Endpoint, Fault, FaultKind};
pub use model::install::Install;
pub use model::settings::{Refresh, Settings};
pub use server::{BindError, Builder, Server};
pub use state::clock::Clock;
pub use state::test_control::{Callback, TestControlError};
pub use store::file::{StateFile, StateFileError};
