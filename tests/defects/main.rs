//! Every check must be able to fail: each seeded defect of the fixture app fails exactly its items.
//!
//! For each defect the scenarios that it is about are run; in them, nothing else may fail.

mod consequences;
mod embedded;
#[path = "../fixture_app/mod.rs"]
mod fixture_app;
mod full;
mod misbehaving;
mod table;

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use embedded::{EMBEDDED, Embedded};
use flowcheck::checklist::{Outcome, VerdictKind, aggregate, catalogue};
use flowcheck::report::{Style, terminal};
use flowcheck::scenario::{AppFile, Loaded};
use libtest_mimic::{Arguments, Failed, Trial};
use table::{HANG, Row, TABLE};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("the table has every defect of the app", every_defect_is_in_the_table),
        Trial::test("every item is failed by some defect", every_item_can_fail),
    ];
    let full = Trial::test("every defect in every scenario", full::every_defect_in_every_scenario);
    trials.push(full.with_ignored_flag(true));
    trials.extend(TABLE.iter().map(|row| Trial::test(row.defect, || fails_exactly_its_items(row.file(), row))));
    trials.extend(EMBEDDED.iter().map(|Embedded { file, row }| {
        Trial::test(format!("embedded, {}", row.defect), || fails_exactly_its_items(file, row))
    }));
    trials.extend(misbehaving::trials());
    libtest_mimic::run(&arguments, trials).exit();
}

fn fails_exactly_its_items(file: &str, row: &Row) -> Result<(), Failed> {
    let file = with_defect(file, row);
    let outcome = fixture_app::play(file, scenarios_for(row), 1);
    let seen = failed(&outcome);
    let expected: BTreeSet<&str> = row.fails.iter().copied().collect();
    if seen == expected {
        return Ok(());
    }
    Err(format!("expected {expected:?}\nsaw      {seen:?}\n\n{}", terminal(&outcome, Style::Plain, 100, None)).into())
}

/// The app with a defect seeded, and with less patience: the app has no pages that move on by themselves.
fn with_defect(file: &str, row: &Row) -> AppFile {
    let mut file = fixture_app::file(file);
    file.timing.quiet = Duration::from_secs(1).into();
    if HANG.contains(&row.defect) {
        file.timing.page = Duration::from_secs(6).into();
    }
    let start = file.start.as_mut().expect("flowcheck starts it");
    start.env.insert("DEFECTS".to_owned(), row.defect.to_owned());
    file
}

/// Items that fail, warn, or are left to a person: everything but what passes, is blocked, or does not apply.
fn failed(outcome: &Outcome) -> BTreeSet<&'static str> {
    let undecided = |kind| matches!(kind, VerdictKind::Fail | VerdictKind::Warn | VerdictKind::Review);
    aggregate(outcome).iter().filter(|item| undecided(item.verdict.kind())).map(|item| item.item.id).collect()
}

fn scenarios_for(row: &Row) -> Vec<Arc<Loaded>> {
    let touched = |scenario: &Arc<Loaded>| row.touches.contains(&scenario.script.id.value.as_str());
    fixture_app::scenarios().into_iter().filter(touched).collect()
}

fn all_rows() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().chain(EMBEDDED.iter().map(|embedded| &embedded.row))
}

fn every_defect_is_in_the_table() -> Result<(), Failed> {
    let said = Command::new(fixture_app::program()).arg("--list-defects").output()?.stdout;
    let said = String::from_utf8(said)?;
    let of_the_app: BTreeSet<&str> = said.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let of_the_table: BTreeSet<&str> = all_rows().map(|row| row.defect).collect();
    if of_the_app == of_the_table {
        Ok(())
    } else {
        Err(format!("app   {of_the_app:?}\ntable {of_the_table:?}").into())
    }
}

fn every_item_can_fail() -> Result<(), Failed> {
    let failed: BTreeSet<&str> = all_rows().flat_map(|row| row.fails.iter().copied()).collect();
    let never: Vec<&str> = catalogue().iter().map(|item| item.id).filter(|id| !failed.contains(id)).collect();
    if never.is_empty() { Ok(()) } else { Err(format!("no defect fails {never:?}").into()) }
}
