//! The app under test: started, observed, triggered and stopped, once per world.
//!
//! - [`PlaceholderValues`] replaces the placeholders of `flowcheck.yaml` with the values of a world.
//! - [`Instance`] is the app of one world: a process group started by flowcheck, or an app that is running already. It can be
//!   restarted with its data, and its clock can be set ahead ([`libfaketime`]).
//! - `app_action` runs the actions of `flowcheck.yaml`: [`Instance::trigger`], [`Instance::update`], [`Instance::reset`];
//!   [`AppActionError`] says why one failed.
//! - [`LaunchEnvironment`] routes it to the fake Klaviyo.
//! - [`AppError`] says why the app did not become ready.
//!
//! The app's output is recorded. This room knows processes and URLs, never pages.

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
pub use fake_clock::{libfaketime, remove_shared_memory};
pub use instance::Instance;
pub use launch_environment::LaunchEnvironment;
pub use placeholder_values::PlaceholderValues;
pub use port::free_port;
pub use process_error::{ProcessError, ProcessExit, SpawnError};
