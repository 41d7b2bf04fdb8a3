//! A failure on a terminal of usual width: what is wrong stands in six lines at most, before the hops and all other details.

use std::fmt::Write as _;

use flowcheck::checklist::{Outcome, ScenarioEnd, ScenarioOutcome, judge};
use flowcheck::report::{Style, terminal};

use crate::adding_up::info;
use crate::recordings::{HONEST, Recorded, expects, recorded};

/// Columns of a terminal that does not say how wide it is.
const WIDTH: usize = 100;

#[test]
fn what_is_wrong_is_told_in_six_lines_at_most_before_any_details() {
    let mut too_long = String::new();
    let mut told = 0;
    for one in recorded().into_iter().filter(|one| one.defect != HONEST) {
        let name = format!("{} in {}", one.defect, one.scenario);
        for block in blocks(one) {
            let lines: Vec<&str> = block.lines().take_while(|line| !is_detail(line)).collect();
            assert!(lines.iter().any(|line| line.starts_with("  Saw ")), "{name}:\n{block}");
            told += 1;
            if lines.len() > 6 {
                writeln!(too_long, "{name}\n{}\n", lines.join("\n")).expect("text takes all");
            }
        }
    }
    assert!(told > 100, "only {told} failures are recorded");
    assert!(too_long.is_empty(), "{too_long}");
}

/// The failures of a recording, as a run of its scenario alone would tell them.
fn blocks(one: Recorded) -> Vec<String> {
    let expects = expects(&one.scenario);
    let scenario = ScenarioOutcome {
        title: one.evidence.setup.scenario.title.clone(),
        file: one.evidence.setup.scenario.file.clone(),
        items: judge(&expects, &ScenarioEnd::Completed, Some(&one.evidence)),
        id: one.scenario,
        expects,
        end: ScenarioEnd::Completed,
        took_ms: 1_000,
        evidence: Some(one.evidence),
        earlier: Vec::new(),
    };
    let text = terminal(&Outcome { run: info(), scenarios: vec![scenario] }, Style::Plain, WIDTH, None);
    text.split("\n\n").filter(|block| block.contains("\n  Expected  ")).map(str::to_owned).collect()
}

/// A hop, or what follows them: `    1  302  /install`, `  Likely    …`.
fn is_detail(line: &str) -> bool {
    let label = ["  Likely ", "  Remedy ", "  Required "].iter().any(|label| line.starts_with(label));
    let mut words = line.split_whitespace();
    let hop = words.next().is_some_and(|number| number.parse::<u32>().is_ok())
        && words.next().is_some_and(|status| status == "---" || status.parse::<u16>().is_ok());
    label || (line.starts_with("   ") && hop)
}
