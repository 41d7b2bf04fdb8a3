//! An item explained: the requirement, its source, how it is judged, what usually goes wrong, and how to do it right.

use std::fmt::Write as _;

use crate::checklist::{Item, Tier, remedy};
use crate::report::text::guidance::{FRAMEWORKS, guidance};
use crate::report::text::layout::wrap;
use crate::report::text::style::{Ink, Style};

/// Column at which values begin.
const VALUES: usize = 14;

/// An item on a terminal. `scenarios` are those that judge it; with `only`, the sketches of other frameworks are omitted.
pub fn explanation(item: &Item, scenarios: &[&str], only: Option<&str>, style: Style, width: usize) -> String {
    let mut out = format!("{}\n\n", style.paint(Ink::Strong, item.id));
    let mut value = |label: &str, text: &str| {
        for (index, line) in wrap(text, width.saturating_sub(VALUES)).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let label = style.paint(Ink::Faint, &format!("  {label:<space$}", space = VALUES - 2));
            // Writing to a string does not fail.
            let _ = writeln!(out, "{label}{line}");
        }
    };
    value("Required", item.requirement);
    value("Asked by", &item.source.to_string());
    value("Source", item.source.document.address);
    value("", &item.source.document.provenance());
    value("Judged by", item.judged);
    value("Counts", counts(item));
    value("Seen in", &scenarios.join(", "));
    if let Some(remedy) = remedy(item.id) {
        value("In short", remedy);
    }
    if let Some(first) = scenarios.first() {
        value("Run it", &format!("flowcheck run {first}"));
    }
    let guidance = guidance(item);
    let _ = writeln!(out, "\n{}", style.paint(Ink::Strong, "What usually goes wrong"));
    for wrong in &guidance.wrong {
        for (index, line) in wrap(wrong, width.saturating_sub(4)).into_iter().enumerate() {
            let _ = writeln!(out, "  {} {line}", if index == 0 { "-" } else { " " });
        }
    }
    for (framework, code) in &guidance.sketches {
        if only.is_some_and(|only| !framework.eq_ignore_ascii_case(only)) {
            continue;
        }
        let _ = writeln!(out, "\n{}", style.paint(Ink::Strong, framework));
        for line in code.lines() {
            let _ = writeln!(out, "{}", format!("  {line}").trim_end());
        }
    }
    out
}

/// An item as a section of the checklist's page. `defects` are those of the fixture app that fail it.
pub fn explanation_page(item: &Item, scenarios: &[&str], defects: &[&str]) -> String {
    let mut out = format!("### `{}`\n\n{}.\n\n", item.id, item.requirement);
    let code = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let document = item.source.document;
    let _ = writeln!(
        out,
        "| | |\n|---|---|\n| Asked by | [{}]({}), {} |\n| Source | {} |",
        document.title,
        document.address,
        item.source.place,
        document.provenance()
    );
    let _ = writeln!(
        out,
        "| Judged by | {} |\n| Counts | {} |\n| Seen in | {} |",
        item.judged,
        counts(item),
        code(scenarios)
    );
    let _ = writeln!(out, "| Failed by the defects | {} |", code(defects));
    if let Some(remedy) = remedy(item.id) {
        let _ = writeln!(out, "| In short | {remedy} |");
    }
    out
}

/// What usually goes wrong with a group's items, each mistake once, as a section of the checklist's page.
pub fn usual_mistakes(items: &[&Item]) -> String {
    let mut mistakes: Vec<&str> = Vec::new();
    for mistake in items.iter().map(|item| guidance(item)).flat_map(|guidance| guidance.wrong) {
        if !mistakes.contains(&mistake) {
            mistakes.push(mistake);
        }
    }
    let mut out = String::from("### What usually goes wrong\n\n");
    for mistake in mistakes {
        // Writing to a string does not fail.
        let _ = writeln!(out, "- {mistake}");
    }
    let [others @ .., last] = &FRAMEWORKS;
    let _ = writeln!(out, "\n`flowcheck explain ITEM` shows how to do it right in {} and {last}.", others.join(", "));
    out
}

fn counts(item: &Item) -> &'static str {
    match item.tier {
        Tier::Gate => "a failure fails the checklist",
        Tier::Hardening => "a failure warns, and fails the checklist under --strict",
    }
}
