//! `flowcheck merge`: puts the shards of a run together.

use std::path::PathBuf;

use crate::checklist::overall;
use crate::cli::Exit;
use crate::cli::arguments::MergeArguments;
use crate::cli::command_error::{CommandError, exit_after};
use crate::cli::selection;
use crate::cli::store;
use crate::cli::store::{RunFolder, StoredRun};
use crate::cli::terminal::console;
use crate::evidence::error_chain;
use crate::report;
use crate::results;

/// Merges the shards, writes the result as a run of its own, and ends with its exit code.
pub(in crate::cli) fn merge(arguments: &MergeArguments) -> Result<Exit, CommandError> {
    let shards = arguments.runs.iter().map(|run| StoredRun::read(run)).collect::<Result<Vec<_>, _>>()?;
    let order = selection::built_in()?;
    let order: Vec<&str> = order.iter().map(|scenario| scenario.script.id.value.as_str()).collect();
    let shots: Vec<PathBuf> = shards.iter().map(StoredRun::shots).collect();
    let outcome = results::merge(shards.into_iter().map(|shard| shard.outcome).collect(), &order)
        .map_err(|error| CommandError::usage(error_chain(&error)))?;
    let folder = RunFolder::create(&arguments.output, &outcome.run.began)?;
    for (name, shots) in
        store::shots_of(&outcome).into_iter().flat_map(|name| shots.iter().map(move |shots| (name, shots)))
    {
        if let Some(picture) = store::screenshot(shots, name) {
            // A missing screenshot is no reason to lose the run.
            let _ = store::write(&folder.shots().join(name), picture);
        }
    }
    let written = store::write_run(&folder, &outcome, &arguments.report, &[]);
    let page = written.page.as_ref().map(|page| page.display().to_string());
    console::print_line(report::terminal(&outcome, console::style(), console::width(), page.as_deref()).trim_end());
    Ok(exit_after(written.failed, Exit::Run(overall(&outcome))))
}
