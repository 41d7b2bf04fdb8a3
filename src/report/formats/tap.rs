//! The run in the Test Anything Protocol, version 13.

use std::fmt::Write as _;

use crate::checklist::{ItemOutcome, Outcome, Problem, ScenarioEnd, Verdict, VerdictKind};
use crate::report::content::describe::{file_and_line, rerun_command};
use crate::report::content::summary::Summary;
use crate::report::text::layout::printable;

/// The run as TAP: a test per item, with the worst that any scenario said of it, and one for each scenario that could not run.
///
/// What was not run or does not apply is skipped; an expected failure is a `TODO`, which harnesses do not count.
pub fn tap(outcome: &Outcome) -> String {
    let summary = Summary::of(outcome);
    let broken: Vec<(&str, &Problem)> = outcome
        .scenarios
        .iter()
        .filter_map(|scenario| match &scenario.end {
            ScenarioEnd::Harness(why) | ScenarioEnd::AppUnavailable(why) | ScenarioEnd::Config(why) => {
                Some((scenario.id.as_str(), why))
            }
            _ => None,
        })
        .collect();
    let mut out = String::from("TAP version 13\n");
    put(&mut out, &format!("1..{}", summary.items.len() + broken.len()));
    let date = outcome.run.checklist.as_deref().map(|date| format!(", checklist of {date}")).unwrap_or_default();
    put(&mut out, &format!("# {}{}", printable(&outcome.run.app), printable(&date)));
    for (index, item) in summary.items.iter().enumerate() {
        test(&mut out, index + 1, item, outcome);
    }
    for (index, (scenario, why)) in broken.iter().enumerate() {
        let number = summary.items.len() + index + 1;
        put(&mut out, &format!("not ok {number} - {} runs", description(scenario)));
        put(&mut out, "  ---");
        field(&mut out, "message", &why.to_string());
        put(&mut out, "  ...");
    }
    put(&mut out, &format!("# {}", printable(&summary.sentence)));
    out
}

fn test(out: &mut String, number: usize, item: &ItemOutcome<'_>, outcome: &Outcome) {
    let name = format!("{} {}", item.item.id, description(item.item.requirement));
    let kind = item.counts_as(&outcome.run);
    match item.verdict {
        _ if item.is_expected(&outcome.run) => put(out, &format!("not ok {number} - {name} # TODO expected to fail")),
        Verdict::NotRun { blocked_by: Some(blocker), .. } => {
            put(out, &format!("ok {number} - {name} # SKIP blocked by {blocker}"));
        }
        Verdict::NotRun { reason, .. } => {
            put(out, &format!("ok {number} - {name} # SKIP not run: {}", description(&reason.to_string())));
        }
        Verdict::NotApplicable(why) => {
            put(out, &format!("ok {number} - {name} # SKIP {}", description(&why.to_string())));
        }
        _ if kind == VerdictKind::Fail => put(out, &format!("not ok {number} - {name}")),
        _ => put(out, &format!("ok {number} - {name}")),
    }
    let Some(finding) = item.verdict.finding() else { return };
    put(out, "  ---");
    field(out, "verdict", kind.word());
    field(out, "fault", finding.blame.word());
    field(out, "expected", &finding.expected.to_string());
    field(out, "saw", &finding.saw.to_string());
    if let Some(likely) = &finding.likely {
        field(out, "likely", &likely.to_string());
    }
    field(out, "at", &file_and_line(item.scenario, item.item.id));
    field(out, "again", &rerun_command(&outcome.run, item.scenario));
    put(out, "  ...");
}

/// A field of the YAML block. A JSON string is a YAML one, whatever is in it.
fn field(out: &mut String, name: &str, value: &str) {
    let value = serde_json::Value::from(printable(value));
    put(out, &format!("  {name}: {value}"));
}

/// Text in a test's line, where `#` begins a directive.
fn description(text: &str) -> String {
    printable(text).replace('\\', "\\\\").replace('#', "\\#")
}

fn put(out: &mut String, line: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "{line}");
}
