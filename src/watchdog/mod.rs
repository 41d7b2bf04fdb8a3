//! The watchdog: a separate process that cleans up after flowcheck, however flowcheck ends.
//!
//! A run releases its own resources when it ends. A process that is killed cannot: its driver, its browser, its app and its
//! temporary folders would stay, and so would sessions on a Selenium Grid, whose slots others wait for.
//!
//! - [`spawn`] starts the watchdog, once per process; where it is killed, the next change to its list starts another.
//! - [`register`] adds a [`Resource`] to its list; dropping the returned [`CleanupGuard`] removes it.
//! - [`start`](fn@start) starts a process that is on its list from before it runs.
//! - [`TempFolder`] is a temporary folder on the list.
//! - [`leftover_resources`] is the watchdog's side: it reads the pipe until it closes and returns what is still on the list.
//!
//! Without a watchdog, as when flowcheck is used as a library, registering does nothing. This room lists resources; `flowcheck
//! watchdog`, in `cli`, releases them.

mod cleanup_guard;
mod resource;
mod start;
mod temp_folder;

pub use cleanup_guard::{CleanupGuard, register, spawn};
pub use resource::{Resource, leftover_resources};
pub use start::{STARTED_AS, start};
pub use temp_folder::TempFolder;
