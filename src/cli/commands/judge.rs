//! `flowcheck judge`: a run that was kept, judged again by this version's checklist.

use super::main::complain;
use crate::checklist::overall;
use crate::cli::arguments::JudgeArguments;
use crate::cli::kept::Kept;
use crate::cli::{Exit, screen, writing};
use crate::evidence::error_chain;
use crate::report;

/// Judges a run again and prints what it comes to. Its folder stays as it is.
pub(super) fn judge(arguments: &JudgeArguments) -> Exit {
    let kept = match Kept::read(&arguments.run) {
        Ok(kept) => kept,
        Err(error) => return complain(Exit::Usage, &error_chain(&error)),
    };
    let shots = kept.shots();
    let mut outcome = kept.outcome.judged_again();
    outcome.run.strict |= arguments.strict;
    if let Err(error) = writing::write_reports(&outcome, &arguments.report, &shots) {
        return complain(Exit::Environment, &error_chain(&error));
    }
    screen::say(report::terminal(&outcome, screen::style(), screen::width(), None).trim_end());
    Exit::Run(overall(&outcome))
}
