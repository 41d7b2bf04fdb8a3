//! `flowcheck judge`: a run that was kept, judged again by this version's checklist.

use crate::checklist::overall;
use crate::cli::Exit;
use crate::cli::arguments::JudgeArguments;
use crate::cli::commands::main::complain;
use crate::cli::store;
use crate::cli::store::StoredRun;
use crate::cli::terminal::console;
use crate::evidence::error_chain;
use crate::report;

/// Judges a run again and prints what it comes to. Its folder stays as it is.
pub(in crate::cli) fn judge(arguments: &JudgeArguments) -> Exit {
    let kept = match StoredRun::read(&arguments.run) {
        Ok(kept) => kept,
        Err(error) => return complain(Exit::Usage, &error_chain(&error)),
    };
    let shots = kept.shots();
    let mut outcome = kept.outcome.judged_again();
    outcome.run.strict |= arguments.strict;
    if let Err(error) = store::write_reports(&outcome, &arguments.report, &shots) {
        return complain(Exit::Environment, &error_chain(&error));
    }
    console::print_line(report::terminal(&outcome, console::style(), console::width(), None).trim_end());
    Exit::Run(overall(&outcome))
}
