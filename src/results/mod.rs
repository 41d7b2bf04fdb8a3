//! Stored runs: read back, compared, merged, and remembered.
//!
//! - [`read_run`] makes an [`Outcome`](crate::checklist::Outcome) of a stored `run.json`.
//! - [`Comparison`] says what got better and what got worse from one run to another.
//! - [`scenarios_of_shard`] divides scenarios among the shards of a run; [`merge`] puts the shards together.
//! - [`History`] is how each scenario ended last, and how long it took.
//!
//! Everything here is a pure function of stored runs: no I/O, no judging. `cli` reads and writes the files.

mod comparison;
mod history;
mod merge;
mod read_run;
mod sharding;

pub use comparison::{Change, ChangedItem, Comparison};
pub use history::{History, Last};
pub use merge::{MergeError, merge, resume};
pub use read_run::{StoredError, read_run};
pub use sharding::scenarios_of_shard;
