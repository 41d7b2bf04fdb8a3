//! docs/checklist.md: every item, from the same texts as `flowcheck explain`.

use std::fmt::Write as _;
use std::path::Path;

use flowcheck::checklist::catalogue;
use flowcheck::report::explanation_page;
use flowcheck::scenario::{builtin, parse_scenario};

use super::table::TABLE;

/// The page as it should be.
fn page() -> String {
    let scenarios: Vec<_> = builtin()
        .iter()
        .map(|builtin| parse_scenario(builtin.file, builtin.source).expect("built-in scenarios are sound"))
        .collect();
    let mut page =
        String::from("# The checklist\n\nEvery item that flowcheck judges, in Klaviyo's order. Made by `make docs`.\n");
    let mut group = None;
    for item in catalogue() {
        if group != Some(item.group) {
            group = Some(item.group);
            write!(page, "\n## {}\n", item.group.title()).expect("text takes all");
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
fn the_checklists_page_is_fresh() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checklist.md");
    if std::env::var_os("FLOWCHECK_WRITE").is_some() {
        std::fs::write(&file, page()).expect("it can be written");
    }
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(text == page(), "docs/checklist.md is out of date: make docs");
}
