//! What a CI service shows of a run besides its reports.

use std::env::var_os;
use std::path::Path;

use super::store::{WriteError, append};
use super::terminal::console;
use crate::checklist::Outcome;
use crate::report;

/// In a job on GitHub, prints annotations and adds the run to the job's summary. Elsewhere nothing.
pub(super) fn report(outcome: &Outcome) -> Result<(), WriteError> {
    if var_os("GITHUB_ACTIONS").is_none_or(|value| value != "true") {
        return Ok(());
    }
    let annotations = report::github(outcome);
    if !annotations.is_empty() {
        console::print_commands(annotations.trim_end());
    }
    match var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()) {
        Some(file) => append(Path::new(&file), &report::markdown(outcome)),
        None => Ok(()),
    }
}

/// Whether this is a CI job.
pub(super) fn is_ci() -> bool {
    var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}
