//! A whole run: what was judged, scenario by scenario.

use flowcheck_evidence::{Evidence, Tally};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::run_info::RunInfo;
use super::scenario_problem::Problem;
use crate::item_id::ItemId;
use crate::judged_item::JudgedItem;
use crate::verdict::Verdict;

/// Everything a report is made from.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// When, with what, of which app.
    pub run: RunInfo,
    /// The scenarios that were asked for, in the order they are listed in.
    pub scenarios: Vec<ScenarioOutcome>,
}

/// One scenario's run.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
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
    /// Tries before this one, which did not end well.
    #[serde(default)]
    pub earlier: Vec<EarlierTry>,
}

/// A try at a scenario that was followed by another.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct EarlierTry {
    /// How it ended.
    pub end: ScenarioEnd,
    /// Its items.
    pub items: Vec<JudgedItem>,
    /// Milliseconds it took.
    pub took_ms: u64,
    /// What was seen.
    pub evidence: Option<Evidence>,
}

/// How a scenario ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScenarioEnd {
    /// It went to its end, or as far as the app let it.
    Completed,
    /// The app's kind has no such case; why.
    NotApplicable(String),
    /// `flowcheck.yaml` does not say whether the app has such a case; what to declare.
    Undeclared(String),
    /// It could not be played against an app that keeps running; why.
    OutOfReach(Problem),
    /// `flowcheck.yaml` or the scenario does not fit the app.
    Config(Problem),
    /// flowcheck, the driver or the browser broke.
    Harness(Problem),
    /// The app could not be started or reached.
    AppUnavailable(Problem),
    /// The run was interrupted first.
    Interrupted,
}

impl ScenarioEnd {
    /// The same, in changed words.
    pub fn map_words(self, mut change: impl FnMut(String) -> String) -> Self {
        match self {
            Self::NotApplicable(why) => Self::NotApplicable(change(why)),
            Self::Undeclared(why) => Self::Undeclared(change(why)),
            Self::OutOfReach(why) => Self::OutOfReach(why.map(change)),
            Self::Config(why) => Self::Config(why.map(change)),
            Self::Harness(why) => Self::Harness(why.map(change)),
            Self::AppUnavailable(why) => Self::AppUnavailable(why.map(change)),
            Self::Completed | Self::Interrupted => self,
        }
    }
}

impl Outcome {
    /// Version of an outcome as it is stored. It rises when a field goes or changes its meaning; new fields do not raise it.
    pub const VERSION: u32 = 2;
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
