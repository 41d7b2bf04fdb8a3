//! `flowcheck.yaml`: the app under test.
//!
//! - [`AppFile`] is the whole file; [`AppKind`] says whether the app stands alone or is embedded in a host platform.
//! - [`Start`] is how flowcheck starts it, [`Staging`] how an app is treated that flowcheck does not start.
//! - [`AppUser`] and [`Tenant`] are its users; [`Totp`] generates their one-time passwords.
//! - [`AppAction`] makes the app do something; [`ScopesUpdate`] changes its scopes.
//! - [`Access`] is what a protected site expects with each request, [`Overrides`] how parts of the app's pages are located.

mod absent;
mod access;
mod app_action;
#[expect(clippy::module_inception, reason = "the folder's main noun is the folder's name")]
mod app_file;
mod app_kind;
mod app_user;
mod newcomer;
mod overrides;
mod scopes_update;
mod staging;
mod start;
mod totp;

pub use access::{Access, BasicAuth};
pub use app_action::{ActionKind, AppAction};
pub use app_file::{Accounts, AppFile, KnownFailure, Pages, Registration, Timing};
pub use app_kind::{AppKind, Embedding, Host, KindName};
pub use app_user::{AppUser, Tenant};
pub use overrides::{Locator, Overrides};
pub use scopes_update::{Apply, ScopesUpdate};
pub use staging::Staging;
pub use start::{Clock, Start};
pub use totp::Totp;
