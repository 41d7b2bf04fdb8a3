//! `flowcheck judge`: judges a stored run again, by this version's checklist.

use crate::checklist::overall;
use crate::cli::Exit;
use crate::cli::arguments::JudgeArguments;
use crate::cli::command_error::{CommandError, exit_after};
use crate::cli::store;
use crate::cli::store::StoredRun;
use crate::cli::terminal::console;
use crate::report;

/// Judges a run again and prints the result. The run's folder is not changed.
pub(in crate::cli) fn judge(arguments: &JudgeArguments) -> Result<Exit, CommandError> {
    let run = StoredRun::read(&arguments.run)?;
    let shots = run.shots();
    let mut outcome = run.outcome.judged_again();
    outcome.run.strict |= arguments.strict;
    let written = store::write_reports(&outcome, &arguments.report, &shots);
    console::print_line(report::terminal(&outcome, console::style(), console::width(), None).trim_end());
    Ok(exit_after(written.failed, Exit::Run(overall(&outcome))))
}
