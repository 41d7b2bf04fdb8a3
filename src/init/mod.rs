//! A first `flowcheck.yaml`, written from what exploring the app shows.
//!
//! - A [`Draft`] is what is known so far: given by the user, or seen. `written` makes it a `flowcheck.yaml` with comments
//!   (`flowcheck.yaml.txt`), and the app is explored with that same file.
//! - [`Scene`]s are the scenarios that explore the app, played by the runner like any other.
//! - `exploration` and `installation` read the evidence of these scenes: [`Finding`](crate::doctor::Finding)s for the user, and facts
//!   for the draft. `draft_learning` adds these facts to the draft.
//! - `scene_timeline` is what both read of a scene's timeline.
//! - `install_url_guess` guesses the installation URL that the listing links to.
//! - `tenants` finds tenants' names and keys in the evidence; `url_template` puts placeholders back into addresses.
//! - `app_folder` is what lies beside the app, `file` the text that is written; `existing` reads one that is there already.
//! - `suggestions` are what only its people know: what each lets be judged, and how much stays open without it.
//!
//! This room asks no questions and writes no file: `cli` does both.

mod app_folder;
mod draft;
mod draft_learning;
mod existing;
mod exploration;
mod file;
mod install_url_guess;
mod installation;
mod scene;
mod scene_timeline;
mod suggestions;
mod tenants;
mod url_template;
mod written;

pub use app_folder::{EnvFile, EnvFileError, Job, StartCommand, Variable, jobs, start_commands};
pub use draft::{Draft, DraftStart, DraftTenant, DraftUser, Noticed, OnFile};
pub use existing::{ExistingError, read_existing};
pub use exploration::{Exploration, read_exploration, read_sign_up};
pub use file::Gap;
pub use install_url_guess::{WayToKlaviyo, install_url_candidates};
pub use installation::{Installation, read_installation};
pub use scene::Scene;
