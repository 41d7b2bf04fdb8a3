//! `flowcheck merge`: puts the shards of a run together.

use crate::checklist::overall;
use crate::cli::Exit;
use crate::cli::arguments::MergeArguments;
use crate::cli::command_error::CommandError;
use crate::cli::selection;
use crate::cli::store;
use crate::cli::store::StoredRun;
use crate::cli::terminal::console;
use crate::evidence::{Event, error_chain};
use crate::report;
use crate::results;

/// Merges the shards, writes the result as a run of its own, and ends with its exit code.
pub(in crate::cli) fn merge(arguments: &MergeArguments) -> Result<Exit, CommandError> {
    let shards = arguments.runs.iter().map(|run| StoredRun::read(run)).collect::<Result<Vec<_>, _>>()?;
    let shots = store::temporary_folder()?;
    for part in &shards {
        for name in
            part.outcome.scenarios.iter().filter_map(|scenario| scenario.evidence.as_ref()).flat_map(screenshot_names)
        {
            // A missing screenshot is no reason to lose the run.
            let _ = std::fs::copy(part.shots().join(name), shots.path().join(name));
        }
    }
    let order = selection::built_in()?;
    let order: Vec<&str> = order.iter().map(|scenario| scenario.script.id.value.as_str()).collect();
    let outcome = results::merge(shards.into_iter().map(|shard| shard.outcome).collect(), &order)
        .map_err(|error| CommandError::usage(error_chain(&error)))?;
    let page = store::write_run(&outcome, &arguments.output, &arguments.report, shots.path(), &[]);
    let shown = page.as_ref().ok().map(|page| page.display().to_string());
    console::print_line(report::terminal(&outcome, console::style(), console::width(), shown.as_deref()).trim_end());
    page?;
    Ok(Exit::Run(overall(&outcome)))
}

fn screenshot_names(evidence: &crate::evidence::Evidence) -> impl Iterator<Item = &str> {
    evidence.timeline.iter().filter_map(|entry| match &entry.event {
        Event::Page(page) => page.shot.as_deref().filter(|name| store::is_plain(name)),
        _ => None,
    })
}
