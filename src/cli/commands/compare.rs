//! `flowcheck compare`: what got better from one run to another, and what got worse.

use std::path::Path;

use super::main::complain;
use crate::cli::kept::Kept;
use crate::cli::{Exit, screen};
use crate::evidence::error_chain;
use crate::report;
use crate::results::Comparison;

/// Compares two runs; ends as a failure where something got worse.
pub(super) fn compare(before: &Path, after: &Path) -> Exit {
    let (before, after) = match (Kept::read(before), Kept::read(after)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(error), _) | (_, Err(error)) => return complain(Exit::Usage, &error_chain(&error)),
    };
    let comparison = Comparison::of(&before.outcome, &after.outcome);
    screen::say(report::comparison(&comparison, screen::style(), screen::width()).trim_end());
    if comparison.is_worse() { Exit::Worse } else { Exit::Good }
}
