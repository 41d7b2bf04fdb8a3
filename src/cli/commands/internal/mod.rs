//! Commands that flowcheck starts itself; not for people, and not in the help.
//!
//! - `bridge` is the inner end of the network bridge of a hermetic app.
//! - `watchdog` releases the resources of a flowcheck that was killed.

pub(super) mod bridge;
pub(super) mod watchdog;
