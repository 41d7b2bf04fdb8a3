//! `flowcheck compare`: what got better from one run to another, and what got worse.

use std::path::Path;

use crate::cli::Exit;
use crate::cli::commands::main::complain;
use crate::cli::store::StoredRun;
use crate::cli::terminal::console;
use crate::evidence::error_chain;
use crate::report;
use crate::results::Comparison;

/// Compares two runs; ends as a failure where something got worse.
pub(in crate::cli) fn compare(before: &Path, after: &Path) -> Exit {
    let (before, after) = match (StoredRun::read(before), StoredRun::read(after)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(error), _) | (_, Err(error)) => return complain(Exit::Usage, &error_chain(&error)),
    };
    let comparison = Comparison::of(&before.outcome, &after.outcome);
    console::print_line(report::comparison(&comparison, console::style(), console::width()).trim_end());
    if comparison.is_worse() { Exit::Worse } else { Exit::Good }
}
