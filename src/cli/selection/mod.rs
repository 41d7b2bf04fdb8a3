//! Which scenarios a command is about.
//!
//! - `scenario_lookup` finds scenarios by what was typed: an id, the beginning of ids, a file, or a line of one.
//! - `scenario_filter` reduces them to those with a tag, those that failed last, and one shard's.

mod scenario_filter;
mod scenario_lookup;

pub(super) use scenario_filter::{Selection, select};
pub(super) use scenario_lookup::{built_in, nearest, tagged};
