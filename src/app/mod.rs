//! The app under test: started for one world, watched, asked to work, and ended.
//!
//! - [`PlaceholderValues`] puts a world's values where `flowcheck.yaml` has placeholders.
//! - [`Instance`] is the app of one world: started by flowcheck with its whole process group, or found running.
//!   It can be started again with its data, and its clock can be set ahead ([`libfaketime`]).
//!   `errand` makes it work: [`Instance::trigger`], [`Instance::reset`].
//! - [`LaunchEnvironment`] are what it is started in, besides what `flowcheck.yaml` says.
//! - [`AppError`] says what the app did instead of becoming ready.
//!
//! What the app prints goes to the recorder. This room knows processes and addresses; it never looks at pages.

mod errand;
mod error;
mod fake_clock;
mod instance;
mod places;
mod port;
mod process;
mod surroundings;

pub use error::AppError;
pub use fake_clock::libfaketime;
pub use instance::Instance;
pub use places::PlaceholderValues;
pub use port::free_port;
pub use surroundings::LaunchEnvironment;
