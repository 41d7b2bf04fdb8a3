//! The run as annotations of GitHub Actions: workflow commands, a line each.

use crate::checklist::{Outcome, ScenarioEnd, VerdictKind};
use crate::report::content::describe::{rerun_command, user_file};
use crate::report::content::summary::Summary;
use crate::report::text::layout::printable;

/// A line for each item that fails, warns or is left to a person, and for each scenario that could not run. Empty where all is well.
pub fn github(outcome: &Outcome) -> String {
    let summary = Summary::of(outcome);
    let mut lines = Vec::new();
    for item in &summary.items {
        let command = match item.counts_as(&outcome.run) {
            VerdictKind::Fail => "error",
            VerdictKind::Warn => "warning",
            VerdictKind::Review => "notice",
            VerdictKind::NotRun | VerdictKind::Pass | VerdictKind::NotApplicable => continue,
        };
        let Some(finding) = item.verdict.finding() else { continue };
        // A built-in scenario has no file in the app's repository; what describes the app there has.
        let (file, line) = user_file(item.scenario, item.item.id).unwrap_or((&outcome.run.config, 1));
        let likely = finding.likely.as_ref().map(|likely| format!("\nLikely: {likely}")).unwrap_or_default();
        let message = format!(
            "{}\nExpected: {}\nSaw: {}{likely}\nAgain: {}",
            item.item.requirement,
            finding.expected,
            finding.saw,
            rerun_command(&outcome.run, item.scenario)
        );
        let title = format!("{}: {}", item.item.id, item.counts_as(&outcome.run).word());
        lines.push(annotation(command, file, line, &title, &message));
    }
    for scenario in &outcome.scenarios {
        if let ScenarioEnd::Harness(why) | ScenarioEnd::AppUnavailable(why) | ScenarioEnd::Config(why) = &scenario.end {
            let title = format!("{} did not run", scenario.id);
            lines.push(annotation("error", &outcome.run.config, 1, &title, &why.to_string()));
        }
    }
    if lines.is_empty() { String::new() } else { lines.join("\n") + "\n" }
}

fn annotation(command: &str, file: &str, line: u32, title: &str, message: &str) -> String {
    let message = message.lines().map(printable).collect::<Vec<_>>().join("\n");
    format!("::{command} file={},line={line},title={}::{}", property(file), property(title), data(&message))
}

/// What the runner would take for the end of a command, in its own escapes.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&printable(text)).replace(':', "%3A").replace(',', "%2C")
}
