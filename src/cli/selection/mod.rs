//! Which scenarios a command is about.
//!
//! - `scenario_lookup` finds scenarios by what was typed: an id, the beginning of ids, or a file.
//! - `file_line` is `FILE:LINE`, as reports print it: one item of a scenario.
//! - `scenario_filter` reduces the scenarios to those with a tag, those that failed last, and one shard's.

mod file_line;
mod scenario_filter;
mod scenario_lookup;

pub(super) use scenario_filter::select;
pub(super) use scenario_lookup::{built_in, nearest, tagged};
