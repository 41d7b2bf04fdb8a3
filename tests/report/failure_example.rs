//! The failing item that README.md and docs/reports.md show: printed from the recorded run, not typed.

use std::fs;
use std::path::Path;

use flowcheck::report::{Style, terminal};

use super::sample::sample;

const BEGIN: &str = "<!-- failure -->\n```\n";
const END: &str = "```\n<!-- /failure -->";

/// The failure of `install.signed-out.resumes`, as a terminal of 100 columns shows it.
pub(super) fn failure() -> String {
    let mut outcome = sample();
    outcome.scenarios.retain(|scenario| scenario.id == "install/signed-out");
    let text = terminal(&outcome, Style::Plain, 100, Some("reports/latest/index.html"));
    format!("{}\n", text.split("\n\n").next().expect("a report has parts").trim_end())
}

#[test]
fn the_failure_in_readme_and_docs_is_up_to_date() {
    for page in ["README.md", "docs/reports.md"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let text = fs::read_to_string(&file).expect("the page is there");
        let (before, rest) = text.split_once(BEGIN).unwrap_or_else(|| panic!("{page} has no {BEGIN:?}"));
        let (_, after) = rest.split_once(END).unwrap_or_else(|| panic!("{page} has no {END:?}"));
        let fresh = format!("{before}{BEGIN}{}{END}{after}", failure());
        if std::env::var_os("FLOWCHECK_WRITE").is_some() {
            fs::write(&file, fresh).expect("the page can be written");
        } else {
            assert!(text == fresh, "{page} is out of date: make docs");
        }
    }
}

#[test]
fn the_failure_names_the_line_of_the_scenario_that_expects_the_item() {
    let scenario = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/install/signed-out.yaml"));
    let scenario = scenario.expect("the scenario is there");
    let line =
        scenario.lines().position(|line| line.ends_with("- install.signed-out.resumes")).expect("it is expected") + 1;
    assert!(failure().contains(&format!("scenarios/install/signed-out.yaml:{line}\n")), "{}", failure());
}
