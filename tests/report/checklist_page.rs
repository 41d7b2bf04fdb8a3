//! docs/checklist.md: every item, generated from the same texts as `flowcheck explain`.

use std::fmt::Write as _;
use std::path::Path;

use flowcheck::checklist::{Item, catalogue, current_checklist};
use flowcheck::report::{explanation_page, usual_mistakes};
use flowcheck::scenario::{builtin, parse_scenario};

use super::table::TABLE;

/// The page as it should be.
fn page() -> String {
    let scenarios: Vec<_> = builtin()
        .iter()
        .map(|builtin| parse_scenario(builtin.file, builtin.source).expect("built-in scenarios are sound"))
        .collect();
    let mut page = format!(
        "# The checklist of {}\n\nEvery item that flowcheck judges, in Klaviyo's order. [requirements.md](requirements.md) has what each document \
            demands, and\nwhat answers it. Made by `make docs`.\n",
        current_checklist()
    );
    let mut group = None;
    for item in catalogue() {
        if group != Some(item.group) {
            group = Some(item.group);
            let of_group: Vec<&Item> = catalogue().iter().filter(|other| other.group == item.group).collect();
            write!(page, "\n## {}\n\n{}", item.group.title(), usual_mistakes(&of_group)).expect("text takes all");
        }
        let judging: Vec<&str> = scenarios
            .iter()
            .filter(|scenario| scenario.script.expects.iter().any(|expected| expected.value == item.id))
            .map(|scenario| scenario.script.id.value.as_str())
            .collect();
        let defects: Vec<&str> =
            TABLE.iter().filter(|row| row.fails.contains(&item.id)).map(|row| row.defect).collect();
        write!(page, "\n{}", explanation_page(item, &judging, &defects)).expect("text takes all");
    }
    page
}

#[test]
fn the_checklist_page_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checklist.md");
    if std::env::var_os("FLOWCHECK_WRITE").is_some() {
        std::fs::write(&file, page()).expect("it can be written");
    }
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(text == page(), "docs/checklist.md is out of date: make docs");
}

#[test]
fn what_usually_goes_wrong_is_told_once_for_each_group() {
    let page = page();
    let mut group = "";
    let mut told: Vec<(&str, &str)> = Vec::new();
    for line in page.lines() {
        group = line.strip_prefix("## ").unwrap_or(group);
        if line.starts_with("- ") {
            assert!(!told.contains(&(group, line)), "{group} repeats {line:?}");
            told.push((group, line));
        }
    }
    assert!(told.len() > 20, "{told:?}");
}
