//! A state file: what outlives a restart, in an SQL database.
//!
//! The state in memory stays the one owner. Whatever changes in it is noted in the [`ChangeLog`] while the state's lock is
//! held, and handed over as one group when the lock is let go; `writer`, a thread of its own, commits groups in that
//! order, many at once where many wait. No answer leaves before everything that it may rest on is committed, so a kill
//! at any moment loses nothing that was answered, and no group is ever kept by halves.
//!
//! - [`StateFile`] is the file, opened and checked; it belongs to one flowcheck at a time.
//! - [`Change`] is a row as it now stands. [`Snapshot`] is all that a file held when it was opened.
//!
//! Kept are accounts, apps' scopes, installs, tokens, codes, the clock's offset, and the key that signs access tokens.
//! Sessions, attempts that are undecided, the API's data, counted limits and faults are not.
//!
//! Where there is no state file, a ledger is nothing, and noting costs one comparison.

pub(crate) mod change;
pub(crate) mod change_log;
pub(crate) mod file;
pub(crate) mod snapshot;
mod writer;
