//! How every recorded failure is told on a terminal.

use flowcheck::checklist::{JudgedItem, Outcome, ScenarioOutcome};
use flowcheck::report::{Style, terminal};

use crate::shelf::{HONEST, Recorded, expects, recorded};
use crate::sums::{info, scenario};

/// Columns of a usual terminal.
const WIDTH: usize = 100;

#[test]
fn a_failure_is_told_in_six_lines_before_its_details_with_one_cause() {
    let mut told = 0;
    for one in recorded().iter().filter(|one| one.defect != HONEST) {
        for block in findings(one) {
            let details = |line: &&str| {
                let first = line.trim_start().chars().next();
                line.starts_with("  Likely") || line.starts_with("  ") && first.is_some_and(|one| one.is_ascii_digit())
            };
            let before = block.lines().take_while(|line| !details(line)).count();
            assert!(before <= 6, "{} {}: {before} lines\n{block}", one.defect, one.scenario);
            assert_eq!(block.matches("\n  Likely  ").count(), 1, "{} {}\n{block}", one.defect, one.scenario);
            told += 1;
        }
    }
    assert!(told > 90, "{told} failures are recorded");
}

/// The blocks that tell of failures, warnings and reviews.
fn findings(one: &Recorded) -> Vec<String> {
    let items = one.verdicts().into_iter().map(|(id, verdict)| JudgedItem { item: id.into(), verdict }).collect();
    let played = ScenarioOutcome {
        id: one.scenario.clone(),
        file: format!("scenarios/{}.yaml", one.scenario),
        expects: expects(&one.scenario),
        evidence: Some(one.evidence.clone()),
        ..scenario(0, items)
    };
    let text = terminal(&Outcome { run: info(), scenarios: vec![played] }, Style::Plain, WIDTH, None);
    text.split("\n\n").filter(|block| block.contains("\n  Expected  ")).map(str::to_owned).collect()
}
