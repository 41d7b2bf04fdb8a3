//! The app under test: started for one world, watched, asked to work, and ended.
//!
//! - [`PlaceholderValues`] puts a world's values where `flowcheck.yaml` has placeholders.
//! - [`Instance`] is the app of one world: started by flowcheck with its whole process group, or found running.
//!   It can be started again with its data, and its clock can be set ahead ([`libfaketime`]).
//!   `app_action` makes it work: [`Instance::trigger`], [`Instance::reset`].
//! - [`LaunchEnvironment`] are what it is started in, besides what `flowcheck.yaml` says.
//! - [`AppError`] says what the app did instead of becoming ready.
//!
//! What the app prints goes to the recorder. This room knows processes and addresses; it never looks at pages.

mod action_error;
mod app_action;
mod error;
mod fake_clock;
mod instance;
mod launch_environment;
mod placeholder_values;
mod port;
mod process;
mod process_error;

pub use action_error::AppActionError;
pub use app_action::ActionOutcome;
pub use error::{AppError, NotReadyError};
pub use fake_clock::libfaketime;
pub use instance::Instance;
pub use launch_environment::LaunchEnvironment;
pub use placeholder_values::PlaceholderValues;
pub use port::free_port;
pub use process_error::{ProcessError, ProcessExit, SpawnError};
