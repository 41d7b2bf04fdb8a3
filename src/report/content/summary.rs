//! The result of a run: one sentence, and the numbers behind it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::checklist::{
    Blame, ItemId, ItemOutcome, Outcome, Overall, RunInfo, ScenarioEnd, ScenarioOutcome, VerdictKind, aggregate,
    catalogue, overall, stale,
};
use crate::evidence::count;

/// The result of a run, which every report begins with.
#[derive(Debug)]
pub(in crate::report) struct Summary<'a> {
    /// The result.
    pub(in crate::report) overall: Overall,
    /// The result in one sentence.
    pub(in crate::report) sentence: String,
    /// Remarks that belong to the sentence.
    pub(in crate::report) remarks: Vec<String>,
    /// The items, in the catalogue's order.
    pub(in crate::report) items: Vec<ItemOutcome<'a>>,
    /// The number of items for each verdict, with `--strict` applied.
    pub(in crate::report) counts: Counts,
    /// The date of the checklist.
    checklist: Option<&'a str>,
}

/// The number of items for each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub(in crate::report) struct Counts {
    /// Passed.
    pub(in crate::report) pass: usize,
    /// Failed.
    pub(in crate::report) fail: usize,
    /// Warned.
    pub(in crate::report) warn: usize,
    /// Left to a person to check.
    pub(in crate::report) review: usize,
    /// Not run.
    pub(in crate::report) not_run: usize,
    /// Not applicable.
    pub(in crate::report) not_applicable: usize,
    /// Items that have a verdict: all but those not run.
    pub(in crate::report) looked_at: usize,
    /// Items of the whole checklist.
    pub(in crate::report) checklist: usize,
}

impl<'a> Summary<'a> {
    /// The summary of a run.
    pub(in crate::report) fn of(outcome: &'a Outcome) -> Self {
        let items = aggregate(outcome);
        let counts = Counts::of(&items, &outcome.run);
        let overall = overall(outcome);
        let blamed = items.iter().filter(|item| fails_by(item, &outcome.run, Blame::App)).count();
        let expected = items.iter().filter(|item| item.is_expected(&outcome.run)).count();
        let sentence = sentence(outcome, overall, &counts, blamed, expected);
        let remarks = remarks(outcome, &counts, blamed, expected);
        Self { overall, sentence, remarks, items, counts, checklist: outcome.run.checklist.as_deref() }
    }

    /// The verdict whose symbol stands for the whole run.
    pub(in crate::report) fn kind(&self) -> VerdictKind {
        match self.overall {
            Overall::Passed => VerdictKind::Pass,
            Overall::AppFailed | Overall::Config => VerdictKind::Fail,
            Overall::Incomplete | Overall::NothingRun | Overall::Interrupted => VerdictKind::NotRun,
        }
    }

    /// `17 of 35 items of the checklist of 2026-11 were looked at`.
    pub(in crate::report) fn looked_at(&self) -> String {
        let date = self.checklist.map(|date| format!(" of {date}")).unwrap_or_default();
        format!("{} of {} items of the checklist{date} were looked at", self.counts.looked_at, self.counts.checklist)
    }
}

impl Counts {
    fn of(items: &[ItemOutcome<'_>], run: &RunInfo) -> Self {
        let mut counts = Self { checklist: catalogue().len(), ..Self::default() };
        for item in items {
            *counts.slot(item.counts_as(run)) += 1;
        }
        counts.looked_at = items.len() - counts.not_run;
        counts
    }

    /// The number of items with this verdict.
    pub(in crate::report) fn get(mut self, kind: VerdictKind) -> usize {
        *self.slot(kind)
    }

    fn slot(&mut self, kind: VerdictKind) -> &mut usize {
        match kind {
            VerdictKind::Pass => &mut self.pass,
            VerdictKind::Fail => &mut self.fail,
            VerdictKind::Warn => &mut self.warn,
            VerdictKind::Review => &mut self.review,
            VerdictKind::NotRun => &mut self.not_run,
            VerdictKind::NotApplicable => &mut self.not_applicable,
        }
    }
}

/// Whether an item counts as failed, and this is to blame.
pub(in crate::report) fn fails_by(item: &ItemOutcome<'_>, run: &RunInfo, blame: Blame) -> bool {
    item.counts_as(run) == VerdictKind::Fail && item.verdict.finding().is_some_and(|finding| finding.blame == blame)
}

fn sentence(outcome: &Outcome, overall: Overall, counts: &Counts, blamed: usize, expected: usize) -> String {
    let judged = counts.pass + counts.warn + counts.review + counts.fail;
    // A part of the checklist says nothing about the rest.
    let so_far = if counts.looked_at < counts.checklist { ", as far as this run looked" } else { "" };
    match overall {
        Overall::Passed if expected > 0 => {
            format!("Passed{so_far}, but for {}.", count(expected, "known failure", "known failures"))
        }
        Overall::Passed if counts.pass < judged => format!(
            "Passed{so_far}: nothing fails, and {} left to look at.",
            count(counts.warn + counts.review, "item is", "items are")
        ),
        Overall::Passed if judged == 1 => format!("Passed{so_far}: the item that applies is met."),
        Overall::Passed => format!("Passed{so_far}: all {judged} items that apply are met."),
        Overall::AppFailed if blamed == 0 => "Nothing fails each time, but flaky items fail the run.".to_owned(),
        Overall::AppFailed => {
            format!("Fails the checklist: {}.", count(blamed, "item fails", "items fail"))
        }
        Overall::Config if !stale(outcome).is_empty() => "The list of expected failures is out of date.".to_owned(),
        Overall::Config => "No verdict: the configuration or a scenario is at fault.".to_owned(),
        Overall::Incomplete if judged_not(counts) == 0 => "No verdict yet: a scenario could not be run.".to_owned(),
        Overall::Incomplete => {
            format!("No verdict yet: {} could not be judged.", count(judged_not(counts), "item", "items"))
        }
        Overall::NothingRun => "Nothing was judged: no scenario of this run applies to the app.".to_owned(),
        Overall::Interrupted if blamed > 0 => {
            format!("Interrupted before the end: {} so far.", count(blamed, "item fails", "items fail"))
        }
        Overall::Interrupted => "Interrupted before the end: no verdict.".to_owned(),
    }
}

/// The number of items without a verdict on the app: not run, or failed with something else to blame.
fn judged_not(counts: &Counts) -> usize {
    counts.not_run + counts.fail
}

fn remarks(outcome: &Outcome, counts: &Counts, blamed: usize, expected: usize) -> Vec<String> {
    let mut remarks = Vec::new();
    if blamed > 0 && counts.not_run > 0 {
        remarks.push(format!("{} not run.", count(counts.not_run, "item was", "items were")));
    }
    let broken = outcome
        .scenarios
        .iter()
        .filter(|scenario| matches!(scenario.end, ScenarioEnd::Harness(_) | ScenarioEnd::AppUnavailable(_)))
        .count();
    if broken > 0 {
        let down = |scenario: &&ScenarioOutcome| matches!(scenario.end, ScenarioEnd::AppUnavailable(_));
        let whose =
            if outcome.scenarios.iter().any(|scenario| down(&scenario)) { "" } else { ", for no fault of the app" };
        remarks.push(format!("{} could not be run{whose}.", count(broken, "scenario", "scenarios")));
    }
    let others = counts.fail - blamed;
    if others > 0 {
        remarks.push(format!("{} for no fault of the app.", count(others, "further item fails", "further items fail")));
    }
    let run = &outcome.run;
    remarks.extend(run.left_over.clone());
    if expected > 0 {
        remarks.push(format!("{}.", count(expected, "failure is expected", "failures are expected")));
    }
    let late: Vec<&str> = stale(outcome).iter().map(|expected| expected.item.as_str()).collect();
    if !late.is_empty() {
        remarks.push(format!(
            "Expected to fail, and does not: {}. Take it off expected_failures in {}.",
            late.join(", "),
            run.config
        ));
    }
    let flaky: Vec<&str> =
        outcome.scenarios.iter().flat_map(|scenario| scenario.flaky(run)).map(ItemId::as_str).collect();
    if !flaky.is_empty() {
        let fails = if run.fail_on_flaky { ", which fails the run (--fail-on-flaky)" } else { "" };
        remarks.push(format!("Flaky, failed first and passed when tried again{fails}: {}.", flaky.join(", ")));
    }
    if let Some(shard) = run.shard {
        remarks.push(format!("This is shard {} of the run.", shard.name()));
    }
    if outcome.run.strict {
        remarks.push("Strict: warnings and reviews count as failures.".to_owned());
    }
    remarks
}
