//! The run for programs.

use serde::Serialize;

use super::summary::{Counts, Summary};
use crate::checklist::{BY_HAND, Fault, Group, Outcome, Overall, RunInfo, ScenarioOutcome, Source, Tier, VerdictKind};

/// Version of the JSON report. It rises when a field goes or changes its meaning; new fields do not raise it.
pub const JSON_VERSION: u32 = 1;

/// The run as JSON: what it comes to, the items, and the scenarios with their verdicts and evidence.
///
/// `run` and `scenarios` are an [`Outcome`] as it serialises, so one can be read back from the document, and judged,
/// shown or merged again.
#[expect(clippy::missing_panics_doc, reason = "these types always serialise: no maps but with string keys")]
pub fn json(outcome: &Outcome) -> String {
    let summary = Summary::of(outcome);
    let items = summary
        .items
        .iter()
        .map(|item| ItemRow {
            id: item.item.id,
            group: item.item.group,
            requirement: item.item.requirement,
            source: item.item.source,
            tier: item.item.tier,
            verdict: item.verdict.kind(),
            counts_as: item.counts_as(outcome.run.strict),
            fault: item.verdict.finding().map(|finding| finding.fault),
            scenario: &item.scenario.id,
        })
        .collect();
    let document = Document {
        version: JSON_VERSION,
        overall: summary.overall,
        exit_code: summary.overall.exit_code(),
        sentence: &summary.sentence,
        counts: summary.counts,
        run: &outcome.run,
        items,
        by_hand: BY_HAND,
        scenarios: &outcome.scenarios,
    };
    let mut text = serde_json::to_string_pretty(&document).expect("a report serialises");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    overall: Overall,
    exit_code: u8,
    sentence: &'a str,
    counts: Counts,
    run: &'a RunInfo,
    items: Vec<ItemRow<'a>>,
    by_hand: &'a [&'a str],
    scenarios: &'a [ScenarioOutcome],
}

#[derive(Serialize)]
struct ItemRow<'a> {
    id: &'a str,
    group: Group,
    requirement: &'a str,
    source: Source,
    tier: Tier,
    /// The worst that any scenario said.
    verdict: VerdictKind,
    /// What that counts as, tier and strictness considered.
    counts_as: VerdictKind,
    fault: Option<Fault>,
    /// The scenario that said it.
    scenario: &'a str,
}
