//! The text of a failing item: id; persona and file; expected and seen; hops; one likely cause; the requirement; the evidence; the
//! command that runs it again.

use std::fmt::Write as _;

use crate::checklist::{Finding, HopLine, ItemOutcome, RunInfo, Tier, Verdict, VerdictKind};
use crate::report::content::describe::{file_and_line, persona, rerun_command, started_from};
use crate::report::text::layout::{clip, columns, pad, printable, wrap};
use crate::report::text::style::{Ink, Style, ink, symbol};

/// An item's finding, to be printed as a block of text.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Failure<'a> {
    /// The item, with its verdict and scenario.
    pub(in crate::report) item: ItemOutcome<'a>,
    /// The run that it was judged in.
    pub(in crate::report) run: &'a RunInfo,
    /// The path of the HTML report.
    pub(in crate::report) report: Option<&'a str>,
    /// Further scenarios with the same verdict.
    pub(in crate::report) also: &'a [&'a str],
}

/// Column at which values begin.
const VALUES: usize = 12;
/// More hops than this are folded in the middle.
const HOPS: usize = 10;
/// How many of them stay in front of the fold.
const HOPS_BEFORE: usize = 3;

impl Failure<'_> {
    /// The block, with a line break after each line. Empty for a verdict without a finding.
    pub(in crate::report) fn block(&self, style: Style, width: usize) -> String {
        let Some(finding) = self.item.verdict.finding() else { return String::new() };
        let mut block = Block { out: String::new(), style, width: width.max(40) };
        block.heading(self, finding);
        block.circumstances(self, finding);
        block.value("Expected", &finding.expected.to_string());
        block.value("Saw", &finding.saw.to_string());
        block.hops(&finding.hops);
        if let Some(likely) = &finding.likely {
            block.value("Likely", &likely.to_string());
        }
        if let Some(remedy) = &finding.remedy {
            block.value("Remedy", &remedy.to_string());
        }
        block.value("Required", &self.item.item.source.to_string());
        if let Some(note) = note(&self.item, self.run) {
            block.value("Note", &note);
        }
        if !self.also.is_empty() {
            block.value("Also", &format!("in {}", self.also.join(", ")));
        }
        if let Some(report) = self.report {
            block.verbatim("Evidence", &format!("{report}#{}", self.item.item.id));
        }
        block.verbatim("Again", &rerun_command(self.run, self.item.scenario));
        block.out
    }

    fn tag(&self, finding: &Finding) -> String {
        match self.item.verdict.kind() {
            VerdictKind::Fail => format!("[{}]", finding.blame.word()),
            kind => format!("[{}]", kind.word()),
        }
    }
}

/// Why an item counts as better or worse than its verdict.
pub(in crate::report) fn note(item: &ItemOutcome<'_>, run: &RunInfo) -> Option<String> {
    if item.is_expected(run) {
        let expected = run.expects_failure_of(item.item.id)?;
        let until = expected.until.as_ref().map(|day| format!(", until {day}")).unwrap_or_default();
        return Some(format!("expected to fail{until}: {}", expected.comment));
    }
    if let Some(over) = run.expected_failures.iter().find(|one| one.item.as_str() == item.item.id && run.is_over(one))
        && item.counts_as(run) == VerdictKind::Fail
    {
        let day = over.until.as_deref().unwrap_or_default();
        return Some(format!("was expected to fail until {day}, which is over: {}", over.comment));
    }
    let note = match (item.verdict, item.item.tier, run.strict) {
        (Verdict::Fail(_), Tier::Hardening, false) => {
            "Klaviyo's documents do not ask for this: it warns, and fails under --strict"
        }
        (Verdict::Warn(_), _, false) => "best practice, no reason to reject; it fails under --strict",
        (Verdict::Warn(_), _, true) => "best practice; it counts as a failure because of --strict",
        (Verdict::Review(_), _, false) => "a person has to look at this: it is neither passed nor failed",
        (Verdict::Review(_), _, true) => "a person has to look at this; it counts as a failure because of --strict",
        _ => return None,
    };
    Some(note.to_owned())
}

struct Block {
    out: String,
    style: Style,
    width: usize,
}

impl Block {
    /// `✗ id   requirement   [blame]`; the requirement is on lines of its own where its column would be too narrow.
    fn heading(&mut self, failure: &Failure<'_>, finding: &Finding) {
        let kind = failure.item.counts_as(failure.run);
        let id = failure.item.item.id;
        let tag = failure.tag(finding);
        let ink = ink(kind);
        let begin = 2 + columns(id) + 3;
        let room = self.width.saturating_sub(begin + 2 + columns(&tag));
        let mark = self.style.paint(ink, symbol(kind));
        let name = self.style.paint(Ink::Strong, id);
        let painted = self.style.paint(ink, &tag);
        if room < 24 {
            let gap = self.width.saturating_sub(2 + columns(id) + columns(&tag)).max(1);
            self.line(&format!("{mark} {name}{}{painted}", " ".repeat(gap)));
            for line in wrap(failure.item.item.requirement, self.width - 2) {
                self.line(&format!("  {line}"));
            }
            return;
        }
        for (index, line) in wrap(failure.item.item.requirement, room).into_iter().enumerate() {
            if index == 0 {
                let gap = " ".repeat(2 + room - columns(&line));
                self.line(&format!("{mark} {name}   {line}{gap}{painted}"));
            } else {
                self.line(&format!("{}{line}", " ".repeat(begin)));
            }
        }
    }

    /// `persona signed-out · from Klaviyo · scenarios/install/signed-out.yaml:16`.
    fn circumstances(&mut self, failure: &Failure<'_>, finding: &Finding) {
        let scenario = failure.item.scenario;
        let mut parts = Vec::new();
        if let Some(evidence) = &scenario.evidence {
            let persona = persona(&evidence.setup);
            if !persona.is_empty() {
                parts.push(format!("persona {persona}"));
            }
            parts.extend(started_from(evidence, finding.at).map(str::to_owned));
        }
        parts.push(file_and_line(scenario, failure.item.item.id));
        for line in wrap(&printable(&parts.join(" · ")), self.width - 2) {
            let line = self.style.paint(Ink::Faint, &line);
            self.line(&format!("  {line}"));
        }
    }

    fn value(&mut self, label: &str, value: &str) {
        for (index, line) in wrap(&printable(value), self.width - VALUES).into_iter().enumerate() {
            let label = self.label(if index == 0 { label } else { "" });
            self.line(&format!("{label}{line}"));
        }
    }

    /// A value to copy, which is never wrapped.
    fn verbatim(&mut self, label: &str, value: &str) {
        let label = self.label(label);
        self.line(&format!("{label}{}", printable(value)));
    }

    fn label(&self, label: &str) -> String {
        let padded = format!("  {label:<width$}", width = VALUES - 2);
        if label.is_empty() { padded } else { self.style.paint(Ink::Faint, &padded) }
    }

    fn hops(&mut self, hops: &[HopLine]) {
        // A few very long URLs must not push every arrow to the edge.
        let widest = hops.iter().map(|hop| columns(&printable(&hop.what))).max().unwrap_or(0);
        let column = widest.min((self.width - VALUES) / 2);
        let after = hops.len().saturating_sub(HOPS - HOPS_BEFORE);
        for (index, hop) in hops.iter().enumerate() {
            if hops.len() <= HOPS || index < HOPS_BEFORE || index >= after {
                self.hop(index + 1, hop, column);
            } else if index == HOPS_BEFORE {
                let more = format!("     …  {} more hops, in the report", after - HOPS_BEFORE);
                let more = self.style.paint(Ink::Faint, &more);
                self.line(&more);
            }
        }
    }

    fn hop(&mut self, number: usize, hop: &HopLine, column: usize) {
        let status = hop.status.map_or_else(|| "---".to_owned(), |status| status.to_string());
        let head = format!("  {number:>3}  {status}  ");
        let indent = " ".repeat(columns(&head));
        let room = self.width - columns(&head);
        let what = printable(&hop.what);
        let Some(to) = hop.to.as_deref().map(printable) else {
            self.hanging(&head, &indent, &wrap(&what, room));
            return;
        };
        if columns(&what) <= column && column + 3 + columns(&to) <= room {
            self.line(&format!("{head}{} → {to}", pad(&what, column)));
        } else {
            self.hanging(&head, &indent, &wrap(&what, room));
            let arrow = format!("{indent}→ ");
            self.hanging(&arrow, &format!("{indent}  "), &wrap(&clip(&to, TO_LIMIT), room - 2));
        }
    }

    fn hanging(&mut self, first: &str, rest: &str, lines: &[String]) {
        for (index, line) in lines.iter().enumerate() {
            self.line(&format!("{}{line}", if index == 0 { first } else { rest }));
        }
    }

    fn line(&mut self, line: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.out, "{}", line.trim_end());
    }
}

/// Characters of a redirect's target that a terminal shows; the HTML report has the rest.
const TO_LIMIT: usize = 240;
