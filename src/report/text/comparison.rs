//! The comparison of two runs as text.

use std::fmt::Write as _;
use std::time::Duration;

use crate::checklist::VerdictKind;
use crate::evidence::count;
use crate::report::content::describe::duration;
use crate::report::text::layout::{columns, printable, wrap};
use crate::report::text::style::{Ink, Style, ink, symbol};
use crate::results::{Change, ChangedItem, Comparison};

/// Milliseconds and factor by which a scenario must have become slower to be listed.
const SLOWER_BY: (u64, u64) = (2_000, 2);

/// Lists what got worse, what got better, and what else differs.
pub fn comparison(comparison: &Comparison<'_>, style: Style, width: usize) -> String {
    let mut out = String::new();
    for (change, title) in [
        (Change::Worse, "Worse"),
        (Change::Better, "Better"),
        (Change::Otherwise, "The same verdict, seen otherwise"),
        (Change::New, "Only in the second run"),
        (Change::Gone, "Only in the first run"),
    ] {
        let items: Vec<&ChangedItem<'_>> = comparison.items.iter().filter(|item| item.change == change).collect();
        if items.is_empty() {
            continue;
        }
        out.push_str(&style.paint(Ink::Strong, title));
        out.push('\n');
        let ids = items.iter().map(|item| columns(item.id)).max().unwrap_or(0);
        for item in items {
            line(&mut out, item, ids, style, width);
        }
        out.push('\n');
    }
    let slower = comparison
        .took
        .iter()
        .filter(|(_, before, after)| *after > before + SLOWER_BY.0 && *after > before * SLOWER_BY.1);
    for (scenario, before, after) in slower {
        let (before, after) = (Duration::from_millis(*before), Duration::from_millis(*after));
        let text =
            format!("slower: {} took {}, and {} before\n", printable(scenario), duration(after), duration(before));
        out.push_str(&text);
    }
    let number = |change| comparison.items.iter().filter(|item| item.change == change).count();
    let kind = if comparison.is_worse() { VerdictKind::Fail } else { VerdictKind::Pass };
    let sentence = format!(
        "{} {} worse, {} better, {} unchanged",
        symbol(kind),
        number(Change::Worse),
        number(Change::Better),
        count(comparison.unchanged, "item", "items")
    );
    out.push_str(&style.paint(ink(kind), &sentence));
    out.push('\n');
    out
}

fn line(out: &mut String, item: &ChangedItem<'_>, ids: usize, style: Style, width: usize) {
    let word = |side: Option<VerdictKind>| side.map_or_else(|| "not judged".to_owned(), |kind| kind.word().to_owned());
    let (before, after) = (item.before.map(|(kind, _)| kind), item.after.map(|(kind, _)| kind));
    let kind = after.or(before).unwrap_or(VerdictKind::NotRun);
    let mark = style.paint(ink(kind), symbol(kind));
    // Writing to a string does not fail.
    let _ = writeln!(out, "  {mark} {:<ids$}  {} → {}", item.id, word(before), word(after));
    let saw =
        item.after.or(item.before).and_then(|(_, item)| item.verdict.finding().map(|finding| finding.saw.to_string()));
    for text in saw.iter().flat_map(|saw| wrap(&printable(saw), width.saturating_sub(6))) {
        out.push_str(&style.paint(Ink::Faint, &format!("      {text}")));
        out.push('\n');
    }
}
