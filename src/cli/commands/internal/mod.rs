//! Commands that flowcheck starts itself; not for people, and not in the help.
//!
//! - `bridge` is the inner end of the network bridge of a hermetic app.
//! - `guard` cleans up after a flowcheck that was killed.

pub(super) mod bridge;
pub(super) mod guard;
