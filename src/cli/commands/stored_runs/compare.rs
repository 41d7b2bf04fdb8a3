//! `flowcheck compare`: compares two stored runs.

use std::path::Path;

use crate::cli::Exit;
use crate::cli::command_error::CommandError;
use crate::cli::store::StoredRun;
use crate::cli::terminal::console;
use crate::report;
use crate::results::Comparison;

/// Prints the comparison; exits with 1 where something got worse.
pub(in crate::cli) fn compare(before: &Path, after: &Path) -> Result<Exit, CommandError> {
    let (before, after) = (StoredRun::read(before)?, StoredRun::read(after)?);
    let comparison = Comparison::of(&before.outcome, &after.outcome);
    console::print_line(report::comparison(&comparison, console::style(), console::width()).trim_end());
    Ok(if comparison.is_worse() { Exit::Worse } else { Exit::Good })
}
