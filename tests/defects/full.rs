//! Exactness over everything: the honest apps pass, and each defect is played in all scenarios that apply, its result written to `docs/defects-full.md`.
//!
//! `make defects-full`; it takes the better part of an hour. `FLOWCHECK_DEFECTS=no-pkce,constant-state` looks at these alone, and
//! writes nothing. `FLOWCHECK_KEPT=FOLDER` keeps what was seen there, and where it is kept already, judges it again instead of
//! playing: so a run that was broken off goes on, and a changed judge is tried on everything in a moment.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use flowcheck::checklist::{Outcome, VerdictKind, aggregate};
use libtest_mimic::Failed;
use time::OffsetDateTime;

use crate::embedded::EMBEDDED;
use crate::table::{Row, TABLE};
use crate::{consequences, failed, fixture_app, with_defect};

/// Worlds side by side.
const SIDE_BY_SIDE: usize = 2;

/// The honest app in each of its forms.
const HONEST: [&str; 6] = [
    "single-tenant.flowcheck.yaml",
    "flowcheck.yaml",
    "text-box.flowcheck.yaml",
    "embedded.flowcheck.yaml",
    "embedded-multi-tenant.flowcheck.yaml",
    "per-user.flowcheck.yaml",
];
/// The form that most defects are played in.
const USUAL: &str = "flowcheck.yaml";

/// Plays the honest apps, then every defect, through everything.
pub(crate) fn every_defect_in_every_scenario() -> Result<(), Failed> {
    let wanted = std::env::var("FLOWCHECK_DEFECTS").ok();
    let asked = |row: &Row| wanted.as_ref().is_none_or(|wanted| wanted.split(',').any(|name| name == row.defect));
    let began = Instant::now();
    let mut lines = Vec::new();
    let mut wrong = Vec::new();
    let mut again = 0;
    for file in HONEST.iter().filter(|_| wanted.is_none()) {
        let outcome = fixture_app::play(fixture_app::file(file), fixture_app::scenarios(), SIDE_BY_SIDE);
        let items = aggregate(&outcome);
        let undecided: Vec<_> =
            items.iter().filter(|item| !is_fine(item.verdict.kind())).map(|item| item.item.id).collect();
        println!("{file}: {} items, {undecided:?}", items.len());
        if !undecided.is_empty() {
            wrong.push(format!("the honest app of {file}: {undecided:?}"));
        }
    }
    let embedded = EMBEDDED.iter().map(|embedded| (embedded.file, &embedded.row));
    let rows = TABLE.iter().map(|row| (row.file(), row)).chain(embedded);
    for (file, row) in rows.filter(|(_, row)| asked(row)) {
        let (outcome, kept) = kept_or_played(file, row)?;
        again += usize::from(kept);
        let seen = failed(&outcome);
        let due: BTreeSet<&str> = row.fails.iter().chain(consequences::of(file, row.defect)).copied().collect();
        let verdict = if seen == due { "exact" } else { "**not exact**" };
        println!("{}: {verdict} {seen:?}", row.defect);
        let form = if file == USUAL { String::new() } else { format!(" in `{file}`") };
        lines.push(format!("| `{}`{form} | {verdict} | {} |", row.defect, listed(&seen)));
        if seen != due {
            wrong.push(format!("{}: expected {due:?}, saw {seen:?}", row.defect));
        }
    }
    if wanted.is_none() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/defects-full.md");
        std::fs::write(page, report(&lines, wrong.len(), again, began))?;
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// What was seen of a defect, and whether it was kept from before.
fn kept_or_played(file: &str, row: &Row) -> Result<(Outcome, bool), Failed> {
    let folder = std::env::var_os("FLOWCHECK_KEPT").map(PathBuf::from);
    let kept = folder.map(|folder| folder.join(format!("{}.{file}.json", row.defect)));
    if let Some(kept) = kept.as_ref().filter(|kept| kept.exists()) {
        let outcome: Outcome = serde_json::from_slice(&std::fs::read(kept)?)?;
        return Ok((outcome.judged_again(), true));
    }
    let outcome = fixture_app::play(with_defect(file, row), fixture_app::scenarios(), SIDE_BY_SIDE);
    if let Some(kept) = kept {
        std::fs::write(kept, serde_json::to_vec(&outcome)?)?;
    }
    Ok((outcome, false))
}

fn is_fine(kind: VerdictKind) -> bool {
    matches!(kind, VerdictKind::Pass | VerdictKind::NotApplicable)
}

fn report(lines: &[String], wrong: usize, again: usize, began: Instant) -> String {
    let day = OffsetDateTime::now_utc().date();
    let minutes = began.elapsed().as_secs() / 60;
    let kept = match again {
        0 => String::new(),
        kept => {
            format!(" The evidence of {kept} rows was kept from runs that were broken off before, and judged again.")
        }
    };
    let mut text = format!(
        "# Every defect in every scenario\n\nWritten by `make defects-full` on {day}: {} rows, {} scenarios, {minutes} minutes, \
         {wrong} not exact.{kept}\n\n| Defect | | Items that fail, warn or are left to a person |\n|---|---|---|\n",
        lines.len(),
        fixture_app::scenarios().len(),
    );
    for line in lines {
        writeln!(text, "{line}").expect("text takes all");
    }
    text
}

fn listed(items: &BTreeSet<&str>) -> String {
    items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ")
}
