//! The guard: a process beside flowcheck that cleans up after it, however it ends.
//!
//! What ends by itself when a run ends is ended by the run. A process that is killed can end nothing: its driver and browser,
//! its app and its temporary folders would stay, and so would the sessions of a Selenium Grid, whose slots others wait for.
//!
//! - [`post`] starts the guard, once for a process, as a process has one set of signal handlers.
//! - [`hold`] tells it what is to be ended; the [`Held`] that comes back takes it off the list again.
//! - [`Folder`] is a temporary folder on that list.
//! - [`left_by`] is the guard's side: it listens until nobody is left to speak, and returns what is still on the list.
//!
//! Without a guard, as where flowcheck is used as a library, all this does nothing. This room knows what is to be ended, never
//! how: that is `flowcheck guard`'s, in `cli`.

mod folder;
mod held;
mod list;

pub use folder::Folder;
pub use held::{Held, hold, post};
pub use list::{Resource, left_by};
