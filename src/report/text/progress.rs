//! Lines that are printed while a run goes on.

use crate::checklist::VerdictKind;
use crate::evidence::count;
use crate::evidence::{Progress, Tally};
use crate::report::content::describe::duration;
use crate::report::text::layout::{pad, printable};
use crate::report::text::style::{Style, ink, symbol};

/// The line for an event, without a line break; none for events that have no line.
pub fn progress_line(event: &Progress, style: Style) -> Option<String> {
    match event {
        Progress::RunBegan { scenarios, workers } => {
            let worlds = if *workers > 1 { format!(", {workers} at a time") } else { String::new() };
            Some(format!("Running {}{worlds}", count(*scenarios, "scenario", "scenarios")))
        }
        Progress::ScenarioBegan { .. } | Progress::StepBegan { .. } => None,
        Progress::ScenarioEnded { scenario, tally, took, .. } => {
            let kind = kind(*tally);
            let mark = style.paint(ink(kind), symbol(kind));
            Some(format!("  {mark} {}  {}  {}", pad(&printable(scenario), NAMES), tell(*tally), duration(*took)))
        }
        Progress::TryingAgain { scenario, attempt } => {
            let mark = style.paint(ink(VerdictKind::Warn), "↻");
            Some(format!("  {mark} {}  try {attempt}", pad(&printable(scenario), NAMES)))
        }
        Progress::Interrupted => Some("Interrupted: finishing what has begun".to_owned()),
    }
}

/// A scenario that is being played, and its current step.
pub fn step_line(scenario: &str, step: &str) -> String {
    format!("{}  {}", pad(&printable(scenario), NAMES), printable(step))
}

/// Columns for scenarios' names.
const NAMES: usize = 28;

/// The verdict whose symbol a scenario's line shows.
fn kind(tally: Tally) -> VerdictKind {
    match tally {
        Tally { failed: 1.., .. } => VerdictKind::Fail,
        Tally { not_run: 1.., .. } => VerdictKind::NotRun,
        Tally { unsure: 1.., .. } => VerdictKind::Review,
        Tally { passed: 1.., .. } => VerdictKind::Pass,
        _ => VerdictKind::NotApplicable,
    }
}

fn tell(tally: Tally) -> String {
    let parts: Vec<String> =
        [(tally.failed, "failed"), (tally.passed, "passed"), (tally.unsure, "to look at"), (tally.not_run, "not run")]
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}"))
            .collect();
    if parts.is_empty() { "does not apply".to_owned() } else { parts.join(", ") }
}
