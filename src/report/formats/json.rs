//! The run for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::checklist::{BY_HAND, Blame, Group, Outcome, Overall, RunInfo, ScenarioOutcome, Source, Tier, VerdictKind};
use crate::report::content::summary::{Counts, Summary};

/// Version of the JSON report, which is that of the outcome in it.
pub const JSON_VERSION: u32 = Outcome::VERSION;

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
            counts_as: item.counts_as(&outcome.run),
            expected: item.is_expected(&outcome.run),
            flaky: outcome
                .scenarios
                .iter()
                .flat_map(|scenario| scenario.flaky(&outcome.run))
                .any(|id| id.as_str() == item.item.id),
            fault: item.verdict.finding().map(|finding| finding.blame),
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

#[derive(Serialize, JsonSchema)]
pub(in crate::report) struct Document<'a> {
    /// Version of this format; it rises when a field goes or changes its meaning.
    version: u32,
    /// What the run comes to.
    overall: Overall,
    /// The program's exit code for it.
    exit_code: u8,
    /// The same in a sentence.
    sentence: &'a str,
    /// Items by verdict.
    counts: Counts,
    /// When, with what, of which app.
    run: &'a RunInfo,
    /// The items, in the checklist's order.
    items: Vec<ItemRow<'a>>,
    /// What a person has to see to.
    by_hand: &'a [&'a str],
    /// The scenarios, with whole verdicts and evidence.
    scenarios: &'a [ScenarioOutcome],
}

/// One item over all scenarios.
#[derive(Serialize, JsonSchema)]
struct ItemRow<'a> {
    /// Its id; never changes.
    id: &'a str,
    /// The part of the checklist it stands in.
    group: Group,
    /// What is required.
    requirement: &'a str,
    /// Who asks for it.
    source: Source,
    /// Whether it gates.
    tier: Tier,
    /// The worst that any scenario said.
    verdict: VerdictKind,
    /// What that counts as, tier and strictness considered.
    counts_as: VerdictKind,
    /// Whose fault it is, where something was found.
    fault: Option<Blame>,
    /// Whether `flowcheck.yaml` says that it is known to fail.
    expected: bool,
    /// Whether it failed at an earlier try and not at the last.
    flaky: bool,
    /// The scenario that said it.
    scenario: &'a str,
}
