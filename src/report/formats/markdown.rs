//! The run for a job's summary, in GitHub's Markdown.

use std::fmt::Write as _;

use crate::checklist::{BY_HAND, ItemOutcome, Outcome, Verdict, VerdictKind};
use crate::evidence::clip;
use crate::report::content::describe::rerun_command;
use crate::report::content::existing_app::{TITLE, existing_app_notes};
use crate::report::content::summary::Summary;
use crate::report::text::layout::printable;
use crate::report::text::style::symbol;

/// Characters of a cell; the page has the rest.
const CELL: usize = 200;

/// The run as Markdown: the verdict, what to fix, every item folded, what is left by hand.
pub fn markdown(outcome: &Outcome) -> String {
    let summary = Summary::of(outcome);
    let mut out = format!("## {} flowcheck: {}\n\n", symbol(summary.kind()), text(&outcome.run.app));
    put(&mut out, &format!("**{}** {}", text(&summary.sentence), text(&summary.remarks.join(" "))));
    put(&mut out, "");
    let bad: Vec<&ItemOutcome<'_>> = [VerdictKind::Fail, VerdictKind::Warn, VerdictKind::Review]
        .iter()
        .flat_map(|kind| summary.items.iter().filter(|item| item.counts_as(&outcome.run) == *kind))
        .collect();
    if !bad.is_empty() {
        put(&mut out, "| | Item | Saw | Likely |");
        put(&mut out, "|---|---|---|---|");
        for item in &bad {
            let Some(finding) = item.verdict.finding() else { continue };
            let mark = symbol(item.counts_as(&outcome.run));
            let likely = finding.likely.as_ref().map(ToString::to_string).unwrap_or_default();
            put(
                &mut out,
                &format!("| {mark} | `{}` | {} | {} |", item.item.id, text(&finding.saw.to_string()), text(&likely)),
            );
        }
        put(&mut out, "");
        put(&mut out, "See one again:");
        put(&mut out, "");
        put(&mut out, "```sh");
        let mut commands: Vec<String> =
            bad.iter().map(|item| printable(&rerun_command(&outcome.run, item.scenario))).collect();
        commands.dedup();
        for command in commands {
            put(&mut out, &command.replace("```", "'''"));
        }
        put(&mut out, "```");
        put(&mut out, "");
    }
    let parts = existing_app_notes(outcome);
    if !parts.is_empty() {
        put(&mut out, &format!("{TITLE}:"));
        put(&mut out, "");
        for part in parts {
            put(&mut out, &format!("- {}", part.heading));
            part.lines.iter().for_each(|line| put(&mut out, &format!("  - {}", text(line))));
        }
        put(&mut out, "");
    }
    put(&mut out, &format!("<details><summary>{}</summary>", text(&summary.looked_at())));
    put(&mut out, "");
    put(&mut out, "| | Item | Requirement | Shown by |");
    put(&mut out, "|---|---|---|---|");
    for item in &summary.items {
        let kind = item.counts_as(&outcome.run);
        let row = format!(
            "| {} {} | `{}` | {} | {} |",
            symbol(kind),
            kind.word(),
            item.item.id,
            text(item.item.requirement),
            text(&shown(item))
        );
        put(&mut out, &row);
    }
    for line in ["", "</details>", "", "By hand, before you submit:", ""] {
        put(&mut out, line);
    }
    for task in BY_HAND {
        put(&mut out, &format!("- [ ] {}", text(task)));
    }
    out
}

fn shown(item: &ItemOutcome<'_>) -> String {
    match item.verdict {
        Verdict::Pass(shown) | Verdict::NotApplicable(shown) => shown.to_string(),
        Verdict::NotRun { blocked_by: Some(blocker), .. } => format!("not run: blocked by {blocker}"),
        Verdict::NotRun { reason, .. } => reason.to_string(),
        Verdict::Fail(finding) | Verdict::Warn(finding) | Verdict::Review(finding) => finding.saw.to_string(),
    }
}

fn put(out: &mut String, line: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "{}", line.trim_end());
}

/// Text that stays text: what the app wrote must neither break a table nor become a link or a picture.
fn text(text: &str) -> String {
    let clipped = clip(&printable(text), CELL);
    let mut out = String::with_capacity(clipped.len());
    for letter in clipped.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '!' | '#' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            letter => out.push(letter),
        }
    }
    // A bare address would become a link.
    out.replace("://", "&#58;//").replace("www.", "www&#46;")
}
