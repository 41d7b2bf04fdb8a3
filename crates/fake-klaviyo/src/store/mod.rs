//! The state file: what outlives a restart, in an `SQLite` database.
//!
//! The state in memory is authoritative. Every change to it is noted in the `change_log` while the state is locked, and
//! submitted as one group when the lock is released. The `writer`, a thread of its own, commits groups in that order,
//! several at once when several are waiting. No response is sent before everything it may depend on is committed. So a
//! kill at any moment loses nothing that was acknowledged, and no group is stored in part.
//!
//! - `file` opens and checks the file, which belongs to one process at a time.
//! - `change` is the new content of a row; `snapshot` is everything the file held when it was opened.
//!
//! The file keeps accounts, apps' scopes, installs, tokens, codes, the clock's offset, and the key that signs access
//! tokens. It does not keep sessions, undecided attempts, the API's data, counted rate limits and faults.
//!
//! Without a state file, noting a change costs one comparison.

pub(crate) mod change;
pub(crate) mod change_log;
pub(crate) mod file;
pub(crate) mod snapshot;
mod writer;
