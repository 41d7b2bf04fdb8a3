//! A whole run: what was judged, scenario by scenario.

use serde::{Deserialize, Serialize};

use super::attribution::attribute;
use super::kind::{doubt, not_for_kind};
use super::mishap::explain;
use super::{Fault, ItemId, Verdict, find};
use crate::evidence::{Evidence, Tally};

/// Everything a report is made from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// When, with what, of which app.
    pub run: RunInfo,
    /// The scenarios that were asked for, in the order they are listed in.
    pub scenarios: Vec<ScenarioOutcome>,
}

/// What a report says of the run itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunInfo {
    /// flowcheck's version.
    pub flowcheck: String,
    /// The app's name.
    pub app: String,
    /// The app's configuration file, as the user named it.
    pub config: String,
    /// When it began, RFC 3339, UTC.
    pub began: String,
    /// Milliseconds it took.
    pub took_ms: u64,
    /// Name and version of the browser.
    pub browser: String,
    /// Whether warnings and reviews count as failures.
    pub strict: bool,
    /// Whether it was interrupted.
    pub interrupted: bool,
}

/// One scenario's run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScenarioOutcome {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its file, as a person would name it.
    pub file: String,
    /// The items it is there to judge, with the line in its file that names each.
    pub expects: Vec<(ItemId, u32)>,
    /// How it ended.
    pub end: ScenarioEnd,
    /// Its items.
    pub items: Vec<JudgedItem>,
    /// Milliseconds it took.
    pub took_ms: u64,
    /// What was seen; none when it was not run.
    pub evidence: Option<Evidence>,
}

/// How a scenario ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScenarioEnd {
    /// It went to its end, or as far as the app let it.
    Completed,
    /// The app's kind has no such case; why.
    NotApplicable(String),
    /// `flowcheck.yaml` or the scenario does not fit the app; in words.
    Config(String),
    /// flowcheck, the driver or the browser broke.
    Harness(String),
    /// The app could not be started or reached.
    AppUnavailable(String),
    /// The run was interrupted first.
    Interrupted,
}

/// One item, as one scenario's evidence shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedItem {
    /// The item.
    pub item: ItemId,
    /// What the judge said.
    pub verdict: Verdict,
}

/// Judges the items a scenario expects; depends on nothing but these arguments.
pub fn judge(expects: &[(ItemId, u32)], end: &ScenarioEnd, evidence: Option<&Evidence>) -> Vec<JudgedItem> {
    let judged: Vec<JudgedItem> = expects
        .iter()
        .map(|(id, _)| {
            let verdict = match (end, evidence) {
                (ScenarioEnd::NotApplicable(why), _) => Verdict::NotApplicable(why.clone()),
                (ScenarioEnd::Completed, Some(evidence)) => verdict(id, evidence),
                (ScenarioEnd::Completed, None) => Verdict::not_run("nothing was recorded"),
                (ScenarioEnd::Harness(why), evidence) => failed_before(id, evidence, why),
                (ScenarioEnd::Interrupted, evidence) => failed_before(id, evidence, "the run was interrupted"),
                (ScenarioEnd::Config(why) | ScenarioEnd::AppUnavailable(why), _) => Verdict::not_run(why.clone()),
            };
            JudgedItem { item: id.clone(), verdict }
        })
        .collect();
    match (end, evidence) {
        (ScenarioEnd::Completed, Some(evidence)) => explain(judged, evidence),
        _ => judged,
    }
}

fn verdict(id: &ItemId, evidence: &Evidence) -> Verdict {
    match find(id.as_str()) {
        Some(item) => match not_for_kind(item, evidence) {
            Some(verdict) => verdict,
            None => doubt(attribute((item.judge)(evidence), evidence), item, evidence),
        },
        None => Verdict::not_run("this version of flowcheck has no such item"),
    }
}

/// What a scenario that was broken off still shows: the app's failures up to then. Anything better could have changed later.
fn failed_before(id: &ItemId, evidence: Option<&Evidence>, why: &str) -> Verdict {
    match evidence.map(|evidence| verdict(id, evidence)) {
        Some(Verdict::Fail(finding)) if finding.fault == Fault::App => Verdict::Fail(finding),
        _ => Verdict::not_run(why),
    }
}

impl ScenarioOutcome {
    /// How its items came out.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for judged in &self.items {
            match judged.verdict {
                Verdict::Pass(_) => tally.passed += 1,
                Verdict::Fail(_) => tally.failed += 1,
                Verdict::Warn(_) | Verdict::Review(_) => tally.unsure += 1,
                Verdict::NotRun { .. } => tally.not_run += 1,
                Verdict::NotApplicable(_) => {}
            }
        }
        tally
    }
}
