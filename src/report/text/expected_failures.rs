//! The failing items as `expected_failures` for `flowcheck.yaml`.

use std::fmt::Write as _;

use crate::checklist::{Blame, Outcome, VerdictKind};
use crate::report::content::summary::Summary;
use crate::report::text::layout::printable;

/// The list, ready to paste. Items that the file lists already keep their comment. Where nothing fails, it is a YAML comment.
pub fn expected_failures(outcome: &Outcome) -> String {
    let summary = Summary::of(outcome);
    let run = &outcome.run;
    let mut out = String::new();
    for item in &summary.items {
        let Some(finding) = item.verdict.finding().filter(|finding| finding.blame == Blame::App) else { continue };
        let known = run.expected_failures.iter().find(|known| known.item.as_str() == item.item.id);
        if item.counts_as(run) != VerdictKind::Fail && !item.is_expected(run) {
            continue;
        }
        // A JSON string is a YAML one, whatever the app wrote.
        let comment = known.map_or_else(|| printable(&finding.saw.to_string()), |known| known.comment.clone());
        // Writing to a string does not fail.
        let _ = write!(out, "  - id: {}\n    comment: {}\n", item.item.id, serde_json::Value::from(comment));
        if let Some(until) = known.filter(|known| !run.is_over(known)).and_then(|known| known.until.as_ref()) {
            let _ = writeln!(out, "    until: {until}");
        }
    }
    if out.is_empty() { "# nothing fails\n".to_owned() } else { format!("expected_failures:\n{out}") }
}
