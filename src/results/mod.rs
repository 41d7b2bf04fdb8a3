//! What was kept: runs read back, held side by side, put together, and remembered.
//!
//! - [`read_run`] makes an [`Outcome`](crate::checklist::Outcome) of a stored `run.json`.
//! - [`Comparison`] says what got better and what got worse from one run to another.
//! - [`merge`] puts the shards of a run together; [`deal`] dealt its scenarios out.
//! - [`History`] is how each scenario ended last, and how long it took.
//!
//! Everything here is a function of what was kept: no I/O, no judging. `cli` reads and writes the files.

mod comparison;
mod deal;
mod history;
mod merge;
mod stored;

pub use comparison::{Change, ChangedItem, Comparison};
pub use deal::deal;
pub use history::{History, Last};
pub use merge::{MergeError, merge};
pub use stored::{StoredError, read_run};
