//! A first `flowcheck.yaml`, made by looking at the app.
//!
//! - A [`Draft`] is what is known so far: said by the user, or seen. It writes itself as a `flowcheck.yaml` with comments
//!   (`flowcheck.yaml.txt`), and what is written is also what the looking around is done with.
//! - [`Scene`]s are the scenarios that find things out, played by the runner like any other.
//! - `around` reads off the evidence what looking around has shown, `install` what an installation has; both in
//!   [`Finding`](crate::doctor::Finding)s for the user and facts for the draft. `start_url` guesses what the listing links to.
//! - `learn` takes what was seen over into the draft.
//! - `tenants` knows tenants' names and keys in what was seen; `address` puts placeholders back into addresses.
//! - [`EnvFile`] is the app's `.env`.
//!
//! This room asks nobody and writes no file: that is `cli`'s.

mod address;
mod around;
mod draft;
mod env_file;
mod install;
mod learn;
mod quoted;
mod scene;
mod start_url;
mod tenants;

pub use around::{Around, read_around, read_sign_up};
pub use draft::{Draft, DraftStart, DraftTenant, DraftUser, Noticed, Variable};
pub use env_file::{EnvFile, EnvFileError};
pub use install::{Installed, read_install};
pub use scene::Scene;
pub use start_url::candidates;
