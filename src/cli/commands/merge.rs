//! `flowcheck merge`: the shards of a run put together.

use super::main::complain;
use crate::checklist::overall;
use crate::cli::arguments::MergeArguments;
use crate::cli::kept::Kept;
use crate::cli::{Exit, screen, select, writing};
use crate::evidence::{Event, error_chain};
use crate::report;
use crate::results;
use crate::watchdog::TempFolder;

/// Puts runs together, writes the whole as a run of its own, and ends as that run would have.
pub(super) fn merge(arguments: &MergeArguments) -> Exit {
    let kept: Vec<Kept> = match arguments.runs.iter().map(|run| Kept::read(run)).collect() {
        Ok(kept) => kept,
        Err(error) => return complain(Exit::Usage, &error_chain(&error)),
    };
    let shots = match TempFolder::new("flowcheck-") {
        Ok(folder) => folder,
        Err(error) => return complain(Exit::Environment, &format!("could not make a temporary folder: {error}")),
    };
    for part in &kept {
        for name in part.outcome.scenarios.iter().filter_map(|scenario| scenario.evidence.as_ref()).flat_map(pictures) {
            // A picture that is gone costs a picture, not the run.
            let _ = std::fs::copy(part.shots().join(name), shots.path().join(name));
        }
    }
    let order = select::known(false).unwrap_or_default();
    let order: Vec<&str> = order.iter().map(|scenario| scenario.script.id.value.as_str()).collect();
    let outcome = match results::merge(kept.into_iter().map(|kept| kept.outcome).collect(), &order) {
        Ok(outcome) => outcome,
        Err(error) => return complain(Exit::Usage, &error_chain(&error)),
    };
    let page = writing::write(&outcome, &arguments.output, &arguments.report, shots.path());
    let shown = page.as_ref().ok().map(|page| page.display().to_string());
    screen::say(report::terminal(&outcome, screen::style(), screen::width(), shown.as_deref()).trim_end());
    match page {
        Ok(_) => Exit::Run(overall(&outcome)),
        Err(error) => complain(Exit::Environment, &error_chain(&error)),
    }
}

fn pictures(evidence: &crate::evidence::Evidence) -> impl Iterator<Item = &str> {
    evidence.timeline.iter().filter_map(|entry| match &entry.event {
        Event::Page(page) => page.shot.as_deref().filter(|name| writing::is_plain(name)),
        _ => None,
    })
}
