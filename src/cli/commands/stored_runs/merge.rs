//! `flowcheck merge`: the shards of a run put together.

use crate::checklist::overall;
use crate::cli::Exit;
use crate::cli::arguments::MergeArguments;
use crate::cli::commands::main::complain;
use crate::cli::selection;
use crate::cli::store;
use crate::cli::store::StoredRun;
use crate::cli::terminal::console;
use crate::evidence::{Event, error_chain};
use crate::guard::Folder;
use crate::report;
use crate::results;

/// Puts runs together, writes the whole as a run of its own, and ends as that run would have.
pub(in crate::cli) fn merge(arguments: &MergeArguments) -> Exit {
    let kept: Vec<StoredRun> = match arguments.runs.iter().map(|run| StoredRun::read(run)).collect() {
        Ok(kept) => kept,
        Err(error) => return complain(Exit::Usage, &error_chain(&error)),
    };
    let shots = match Folder::new("flowcheck-") {
        Ok(folder) => folder,
        Err(error) => return complain(Exit::Environment, &format!("could not make a temporary folder: {error}")),
    };
    for part in &kept {
        for name in part.outcome.scenarios.iter().filter_map(|scenario| scenario.evidence.as_ref()).flat_map(pictures) {
            // A picture that is gone costs a picture, not the run.
            let _ = std::fs::copy(part.shots().join(name), shots.path().join(name));
        }
    }
    let order = selection::built_in(false).unwrap_or_default();
    let order: Vec<&str> = order.iter().map(|scenario| scenario.script.id.value.as_str()).collect();
    let outcome = match results::merge(kept.into_iter().map(|kept| kept.outcome).collect(), &order) {
        Ok(outcome) => outcome,
        Err(error) => return complain(Exit::Usage, &error_chain(&error)),
    };
    let page = store::write_run(&outcome, &arguments.output, &arguments.report, shots.path());
    let shown = page.as_ref().ok().map(|page| page.display().to_string());
    console::print_line(report::terminal(&outcome, console::style(), console::width(), shown.as_deref()).trim_end());
    match page {
        Ok(_) => Exit::Run(overall(&outcome)),
        Err(error) => complain(Exit::Environment, &error_chain(&error)),
    }
}

fn pictures(evidence: &crate::evidence::Evidence) -> impl Iterator<Item = &str> {
    evidence.timeline.iter().filter_map(|entry| match &entry.event {
        Event::Page(page) => page.shot.as_deref().filter(|name| store::is_plain(name)),
        _ => None,
    })
}
