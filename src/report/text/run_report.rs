//! The end of a run, on a terminal: what failed, every item in one line, what is left by hand, the verdict.

use std::time::Duration;

use crate::checklist::{
    BY_HAND, Group, ItemOutcome, Outcome, Problem, RunInfo, ScenarioEnd, Tier, Verdict, VerdictKind,
};
use crate::evidence::count;
use crate::report::content::describe::duration;
use crate::report::content::existing_app::{TITLE, existing_app_notes};
use crate::report::content::summary::Summary;
use crate::report::text::failure::Failure;
use crate::report::text::layout::{clip, columns, printable, wrap};
use crate::report::text::mend_first::mend_first;
use crate::report::text::style::{Ink, Style, ink, symbol};

/// The report of a run for a terminal `width` columns wide. `report` is where the HTML report lies, if one was written.
pub fn terminal(outcome: &Outcome, style: Style, width: usize, report: Option<&str>) -> String {
    let summary = Summary::of(outcome);
    let mut page = Page { blocks: Vec::new(), style, width: width.max(40) };
    page.findings(outcome, &summary, report);
    page.not_run(outcome, &summary);
    page.existing_app(outcome);
    page.items(outcome, &summary);
    page.by_hand();
    page.mend_first(outcome, &summary);
    page.verdict(outcome, &summary, report);
    let mut text = page.blocks.join("\n");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

struct Page {
    /// Blocks of lines, with a line break after each line. An empty line is printed between blocks.
    blocks: Vec<String>,
    style: Style,
    width: usize,
}

impl Page {
    /// Failures, then warnings, then reviews, each in the catalogue's order.
    fn findings(&mut self, outcome: &Outcome, summary: &Summary<'_>, report: Option<&str>) {
        for kind in [VerdictKind::Fail, VerdictKind::Warn, VerdictKind::Review] {
            for item in summary.items.iter().filter(|item| item.counts_as(&outcome.run) == kind) {
                let also = also(outcome, item);
                let failure = Failure { item: *item, run: &outcome.run, report, also: &also };
                self.blocks.push(failure.block(self.style, self.width));
            }
        }
    }

    /// Items that were not run, grouped by reason.
    fn not_run(&mut self, outcome: &Outcome, summary: &Summary<'_>) {
        let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
        for scenario in &outcome.scenarios {
            if let ScenarioEnd::Harness(why) | ScenarioEnd::AppUnavailable(why) = &scenario.end {
                add(&mut reasons, did_not_run(outcome, why), None);
            }
        }
        for item in &summary.items {
            let Verdict::NotRun { reason, blocked_by } = item.verdict else { continue };
            if matches!(item.scenario.end, ScenarioEnd::OutOfReach(_)) {
                // Listed with the existing app.
                continue;
            }
            let reason = match (&item.scenario.end, blocked_by) {
                (ScenarioEnd::Harness(why) | ScenarioEnd::AppUnavailable(why), None) => did_not_run(outcome, why),
                (_, Some(blocker)) => format!("not run: blocked by {blocker}"),
                (_, None) => format!("not run: {reason}"),
            };
            add(&mut reasons, reason, Some(item.item.id));
        }
        let mut block = String::new();
        for (reason, items) in reasons {
            let lines = reason.lines().flat_map(|line| wrap(&printable(line), self.width - 2));
            for (index, line) in lines.enumerate() {
                let mark = if index == 0 { symbol(VerdictKind::NotRun) } else { " " };
                push(&mut block, &format!("{mark} {}", self.style.paint(Ink::Strong, &line)));
            }
            for line in wrap(&items.join(", "), self.width - 4).iter().filter(|line| !line.is_empty()) {
                push(&mut block, &format!("    {line}"));
            }
        }
        if !block.is_empty() {
            self.blocks.push(block);
        }
    }

    /// Of an app that flowcheck did not start: what could not be judged, and what was left behind.
    fn existing_app(&mut self, outcome: &Outcome) {
        let parts = existing_app_notes(outcome);
        if parts.is_empty() {
            return;
        }
        let mut block = String::new();
        push(&mut block, &self.style.paint(Ink::Strong, TITLE));
        for part in parts {
            push(&mut block, &format!("  {}", part.heading));
            for line in part.lines {
                for (index, line) in wrap(&printable(&line), self.width - 6).into_iter().enumerate() {
                    push(&mut block, &format!("{}{line}", if index == 0 { "    - " } else { "      " }));
                }
            }
        }
        self.blocks.push(block);
    }

    /// Every item on one line, by group.
    fn items(&mut self, outcome: &Outcome, summary: &Summary<'_>) {
        let ids = summary.items.iter().map(|item| columns(item.item.id)).max().unwrap_or(0);
        let mut group: Option<Group> = None;
        let mut block = String::new();
        for item in &summary.items {
            if group != Some(item.item.group) {
                if !block.is_empty() {
                    self.blocks.push(std::mem::take(&mut block));
                }
                group = Some(item.item.group);
                push(&mut block, &self.style.paint(Ink::Strong, item.item.group.title()));
            }
            push(&mut block, &self.item(item, outcome, ids));
        }
        if !block.is_empty() {
            self.blocks.push(block);
        }
    }

    fn item(&self, item: &ItemOutcome<'_>, outcome: &Outcome, ids: usize) -> String {
        let kind = item.counts_as(&outcome.run);
        let word = format!("{:<7}", kind.word());
        let mark = self.style.paint(ink(kind), symbol(kind));
        let word = self.style.paint(ink(kind), &word);
        let line = format!("  {mark} {:<ids$}  {word}", item.item.id);
        let room = self.width.saturating_sub(4 + ids + 2 + 7 + 2);
        if room < 16 {
            return line;
        }
        let note = printable(&note(item, &outcome.run));
        format!("{line}  {}", self.style.paint(Ink::Faint, &clip(&note, room)))
    }

    fn by_hand(&mut self) {
        let mut block = String::new();
        push(&mut block, &self.style.paint(Ink::Strong, "By hand, before you submit"));
        for task in BY_HAND {
            for (index, line) in wrap(task, self.width - 4).into_iter().enumerate() {
                push(&mut block, &format!("{}{line}", if index == 0 { "  ☐ " } else { "    " }));
            }
        }
        self.blocks.push(block);
    }

    /// What to begin with, whose it is, and the command for it.
    fn mend_first(&mut self, outcome: &Outcome, summary: &Summary<'_>) {
        let first = mend_first(outcome, summary);
        if first.is_empty() {
            return;
        }
        let mut block = String::new();
        push(&mut block, &self.style.paint(Ink::Strong, "Mend first"));
        for (index, mending) in first.iter().enumerate() {
            for (row, line) in wrap(&printable(&mending.line()), self.width - 5).into_iter().enumerate() {
                push(&mut block, &if row == 0 { format!("  {}. {line}", index + 1) } else { format!("     {line}") });
            }
            push(&mut block, &format!("     Mend it in {}, and try again:", mending.whose));
            push(&mut block, &format!("     {}", mending.command));
        }
        self.blocks.push(block);
    }

    fn verdict(&mut self, outcome: &Outcome, summary: &Summary<'_>, report: Option<&str>) {
        let kind = summary.kind();
        let mut block = String::new();
        let sentence: Vec<&str> =
            std::iter::once(summary.sentence.as_str()).chain(summary.remarks.iter().map(String::as_str)).collect();
        for (index, line) in wrap(&sentence.join(" "), self.width - 2).into_iter().enumerate() {
            let mark = if index == 0 { symbol(kind) } else { " " };
            push(&mut block, &self.style.paint(ink(kind), &format!("{mark} {line}")));
        }
        let run = &outcome.run;
        let facts = [
            printable(&run.app),
            summary.looked_at(),
            count(outcome.scenarios.len(), "scenario", "scenarios"),
            printable(&run.browser),
            duration(Duration::from_millis(run.took_ms)),
        ];
        for line in wrap(&facts.join(" · "), self.width - 2) {
            push(&mut block, &format!("  {line}"));
        }
        if let Some(report) = report {
            push(&mut block, &format!("  Report  {}", printable(report)));
        }
        self.blocks.push(block);
    }
}

/// Further scenarios with the same verdict on the item.
fn also<'a>(outcome: &'a Outcome, item: &ItemOutcome<'_>) -> Vec<&'a str> {
    outcome
        .scenarios
        .iter()
        .filter(|scenario| scenario.id != item.scenario.id)
        .filter(|scenario| {
            scenario
                .items
                .iter()
                .any(|judged| judged.item.as_str() == item.item.id && judged.verdict.kind() == item.verdict.kind())
        })
        .map(|scenario| scenario.id.as_str())
        .collect()
}

/// The note behind an item in the table.
fn note(item: &ItemOutcome<'_>, run: &RunInfo) -> String {
    if let (true, Some(expected)) = (item.is_expected(run), run.expects_failure_of(item.item.id)) {
        return format!("expected to fail: {}", expected.comment);
    }
    match item.verdict {
        Verdict::Pass(shown) => shown.to_string(),
        Verdict::Fail(_) if item.item.tier == Tier::Hardening && !run.strict => "hardening; above".to_owned(),
        Verdict::Fail(finding) | Verdict::Warn(finding) | Verdict::Review(finding) => finding.saw.to_string(),
        Verdict::NotApplicable(why) => why.to_string(),
        Verdict::NotRun { blocked_by: Some(blocker), .. } => format!("blocked by {blocker}"),
        Verdict::NotRun { reason, .. } => reason.to_string(),
    }
}

/// Why scenarios were not played, with the scenarios: one reason is told once.
fn did_not_run(outcome: &Outcome, why: &Problem) -> String {
    let same = outcome.scenarios.iter().filter(|scenario| {
        matches!(&scenario.end, ScenarioEnd::Harness(other) | ScenarioEnd::AppUnavailable(other) if other == why)
    });
    let ids: Vec<&str> = same.map(|scenario| scenario.id.as_str()).collect();
    match ids.as_slice() {
        [id] => format!("{id} did not run: {why}"),
        all if all.len() == outcome.scenarios.len() => format!("no scenario did run: {why}"),
        all => format!("{} scenarios did not run: {why}", all.len()),
    }
}

fn add<'a>(reasons: &mut Vec<(String, Vec<&'a str>)>, reason: String, item: Option<&'a str>) {
    match reasons.iter_mut().find(|(known, _)| *known == reason) {
        Some((_, items)) => items.extend(item),
        None => reasons.push((reason, item.into_iter().collect())),
    }
}

fn push(block: &mut String, line: &str) {
    block.push_str(line.trim_end());
    block.push('\n');
}
