//! What is said while a run goes on.

use std::time::Duration;

use flowcheck::evidence::{Progress, Tally};
use flowcheck::report::{Style, progress_line};

fn ended(scenario: &str, tally: Tally, ms: u64) -> Progress {
    Progress::ScenarioEnded { scenario: scenario.into(), worker: 0, tally, took: Duration::from_millis(ms) }
}

#[test]
fn a_line_per_scenario_that_ended() {
    let events = [
        Progress::RunBegan { scenarios: 6, workers: 2 },
        Progress::ScenarioBegan { scenario: "install/signed-in".into(), worker: 0 },
        Progress::StepBegan { scenario: "install/signed-in".into(), step: "Allow".into() },
        ended("install/signed-in", Tally { passed: 5, ..Tally::default() }, 1_400),
        ended("install/signed-out", Tally { passed: 2, failed: 2, ..Tally::default() }, 4_210),
        ended("install/tenants", Tally::default(), 3),
        ended("oauth/state", Tally { passed: 3, unsure: 1, ..Tally::default() }, 65_000),
        ended("uninstall/in-klaviyo", Tally { not_run: 3, ..Tally::default() }, 30_412),
        Progress::Interrupted,
    ];
    let lines: Vec<String> = events.iter().filter_map(|event| progress_line(event, Style::Plain)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn colours_are_asked_for() {
    let event = ended("install/signed-in", Tally { passed: 5, ..Tally::default() }, 1_400);
    assert!(progress_line(&event, Style::Colour).unwrap().contains("\u{1b}[32m✓"));
}
