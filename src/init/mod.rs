//! A first `flowcheck.yaml`, written from what exploring the app shows.
//!
//! - A [`Draft`] is what is known so far: given by the user, or seen. It renders itself as a `flowcheck.yaml` with comments
//!   (`flowcheck.yaml.txt`), and the app is explored with that same file. `yaml_scalar` quotes values for it.
//! - [`Scene`]s are the scenarios that explore the app, played by the runner like any other.
//! - `exploration` and `installation` read the evidence of these scenes: [`Finding`](crate::doctor::Finding)s for the user, and facts
//!   for the draft. `draft_learning` adds these facts to the draft.
//! - `install_url_guess` guesses the installation URL that the listing links to.
//! - `tenants` finds tenants' names and keys in the evidence; `url_template` puts placeholders back into addresses.
//! - A [`Gap`] is what could not be found out: a comment of the file.
//! - A [`Variable`] holds a secret. [`EnvFile`] is the app's client according to its `.env`, which `dotenv` reads.
//!
//! This room asks no questions and writes no file: `cli` does both.

mod dotenv;
mod draft;
mod draft_learning;
mod env_file;
mod exploration;
mod gap;
mod install_url_guess;
mod installation;
mod scene;
mod tenants;
mod url_template;
mod variable;
mod yaml_scalar;

pub use draft::{Draft, DraftStart, DraftTenant, DraftUser, Noticed};
pub use env_file::{EnvFile, EnvFileError};
pub use exploration::{Exploration, read_exploration, read_sign_up};
pub use gap::Gap;
pub use install_url_guess::install_url_candidates;
pub use installation::{Installation, read_installation};
pub use scene::Scene;
pub use variable::Variable;
