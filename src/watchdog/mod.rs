//! The watchdog: a process beside flowcheck that cleans up after it, however it ends.
//!
//! What ends by itself when a run ends is ended by the run. A process that is killed can end nothing: its driver and browser,
//! its app and its temporary folders would stay, and so would the sessions of a Selenium Grid, whose slots others wait for.
//!
//! - [`spawn`] starts the watchdog, once for a process, as a process has one set of signal handlers.
//! - [`register`] tells it what is to be ended; the [`CleanupGuard`] that comes back takes it off the list again.
//! - [`TempFolder`] is a temporary folder on that list.
//! - [`leftover_resources`] is the watchdog's side: it listens until nobody is left to speak, and returns what is still on the list.
//!
//! Without a watchdog, as where flowcheck is used as a library, all this does nothing. This room knows what is to be ended, never
//! how: that is `flowcheck watchdog`'s, in `cli`.

mod cleanup_guard;
mod resource;
mod temp_folder;

pub use cleanup_guard::{CleanupGuard, register, spawn};
pub use resource::{Resource, leftover_resources};
pub use temp_folder::TempFolder;
