//! docs/blame.md: the table, with what each row came to when it was last played.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use time::OffsetDateTime;

use crate::play::Played;
use crate::table::{OneOrMore, Row};

const INTRODUCTION: &str = "\
<!-- Made by `make blame`; edit tests/blame/table.yaml instead. -->
# Whose fault it is

A gate reads exit code 1 as the app's fault, 2 as the file's, 3 as flowcheck's own or the environment's. Each row is a fault of something that
takes part in a run, at a moment of it, with what is right of it and what was seen. Where more than one result is right, the row says why.
";

/// Writes the page, where every row was played.
pub(crate) fn write(rows: &[Arc<Row>], played: &[Option<Played>]) {
    let mut page = INTRODUCTION.to_owned();
    let count = played.iter().flatten().count();
    if count < rows.len() {
        println!("docs/blame.md is not written: {count} of {} rows were played", rows.len());
        return;
    }
    let right = |(row, played): &(&Arc<Row>, &Option<Played>)| {
        played.as_ref().is_some_and(|played| played.wrong(row).is_empty())
    };
    let good = rows.iter().zip(played).filter(right).count();
    let _ = writeln!(
        page,
        "\nPlayed on {}: {good} of {} rows were as they should be.",
        OffsetDateTime::now_utc().date(),
        rows.len()
    );
    page += "\n| what | how | when | right | seen | words |\n|---|---|---|---|---|---|\n";
    for (row, played) in rows.iter().zip(played) {
        let Some(played) = played else { continue };
        let sign = if played.wrong(row).is_empty() { "✓" } else { "✗" };
        let wanted =
            format!("{}, {}", all(&row.exit, ToString::to_string), all(&row.blame, |blame| blame.name().to_owned()));
        let seen = format!("{sign} {}, {} ({} s)", played.exit, played.blame().name(), played.took.as_secs());
        let cells =
            [&row.what, &row.how, &row.when, &wanted, &seen, &played.words()].map(|cell| cell.replace('|', "\\|"));
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
    page += "\n## Why more than one result is right\n\n";
    for row in rows {
        if let Some(why) = &row.why {
            let _ = writeln!(page, "- {}: {why}", row.name());
        }
    }
    if rows.iter().any(|row| row.open.is_some()) {
        page += "\n## Open\n\n";
    }
    for row in rows {
        if let Some(open) = &row.open {
            let _ = writeln!(page, "- {}: {open}", row.name());
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/blame.md");
    std::fs::write(file, page).expect("the page can be written");
}

fn all<T>(of: &OneOrMore<T>, word: impl Fn(&T) -> String) -> String {
    of.all().iter().map(word).collect::<Vec<_>>().join(" or ")
}
