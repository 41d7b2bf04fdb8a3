//! docs/requirements.md: what each document demands, and what answers it, generated from the checklist's table of demands.

use std::fmt::Write as _;
use std::path::Path;

use flowcheck::checklist::{Demand, current_checklist, demands, documents};

/// The page as it should be.
fn page() -> String {
    let all = demands();
    let answered = |by: fn(&Demand) -> bool| all.iter().filter(|demand| by(demand)).count();
    let mut page = format!(
        "# What Klaviyo's documents demand\n\nEvery demand of every document that the checklist of {} was drawn from, in our words, and what answers it. \
         Made by `make docs` from\n`crates/checklist/tables/demands.csv`. Sentences that only tell how Klaviyo works ask for nothing, and have no row.\n\n\
         {} demands: {} are judged by [items](checklist.md), {} are left to a check by hand alone, {} are answered by nothing, and the row says why.\n",
        current_checklist(),
        all.len(),
        answered(|demand| !demand.items.is_empty()),
        answered(|demand| demand.items.is_empty() && demand.by_hand.is_some()),
        answered(|demand| demand.items.is_empty() && demand.by_hand.is_none()),
    );
    for document in documents() {
        write!(
            page,
            "\n## {}\n\n<{}>, {}.\n\n| Section | Demand | Answered by |\n|---|---|---|\n",
            document.title,
            document.address,
            document.provenance()
        )
        .expect("text takes all");
        for demand in all.iter().filter(|demand| demand.document == *document) {
            writeln!(page, "| {} | {} | {} |", demand.section, demand.text, answer(demand)).expect("text takes all");
        }
    }
    page
}

/// The items with links to docs/checklist.md, the check by hand, and the gap, or what is to be known of the others.
fn answer(demand: &Demand) -> String {
    let anchor = |item: &str| item.replace('.', "");
    let items = demand.items.iter().map(|item| format!("[`{item}`](checklist.md#{})", anchor(item)));
    let by_hand = demand.by_hand.map(|task| format!("by hand: {task}"));
    let label = if demand.items.is_empty() && demand.by_hand.is_none() { "gap" } else { "note" };
    let gap = demand.gap.map(|why| format!("{label}: {why}"));
    items.chain(by_hand).chain(gap).collect::<Vec<_>>().join("<br>")
}

#[test]
fn the_page_of_demands_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/requirements.md");
    if std::env::var_os("FLOWCHECK_WRITE").is_some() {
        std::fs::write(&file, page()).expect("it can be written");
    }
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(text == page(), "docs/requirements.md is out of date: make docs");
}

#[test]
fn every_demand_has_a_row_with_an_answer() {
    let page = page();
    let rows: Vec<&str> =
        page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Section")).collect();
    assert_eq!(rows.len(), demands().len());
    assert!(rows.iter().all(|row| row.split(" | ").count() == 3 && !row.ends_with("|  |")), "{rows:#?}");
}
