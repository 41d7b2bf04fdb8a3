//! What a report says of the run itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::existing_app::ExistingApp;
use crate::item_id::ItemId;

/// What a report says of the run itself.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RunInfo {
    /// flowcheck's version.
    pub flowcheck: String,
    /// The date of the checklist that it was judged by, `2026-11`; none in runs from before checklists had dates.
    #[serde(default)]
    pub checklist: Option<String>,
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
    /// Whether an item that passed only at a later try fails the run.
    #[serde(default)]
    pub fail_on_flaky: bool,
    /// Failures that `flowcheck.yaml` says are known.
    #[serde(default)]
    pub expected_failures: Vec<ExpectedFailure>,
    /// Scenarios that this run left out, so that nothing is concluded from their absence.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// Which part of a run that was dealt out to several machines this is.
    #[serde(default)]
    pub shard: Option<Shard>,
    /// The app, where it was running before flowcheck started and keeps running.
    #[serde(default)]
    pub existing_app: Option<ExistingApp>,
    /// What the app, started anew for each scenario, still had of an earlier one; in words, with what to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_over: Option<String>,
}

/// A scenario that a run left out, with the items that it would have judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    /// Its id.
    pub scenario: String,
    /// Its items.
    pub items: Vec<ItemId>,
}

/// One part of several: `1/3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shard {
    /// Which, from 1.
    pub index: usize,
    /// Of how many.
    pub of: usize,
}

/// One of `expected_failures` in `flowcheck.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExpectedFailure {
    /// The item.
    pub item: ItemId,
    /// Why it is accepted.
    pub comment: String,
    /// The last day on which it is, `2027-01-31`; for good, when none.
    pub until: Option<String>,
}

impl RunInfo {
    /// The expected failure of an item, where one is written down and its day has not passed when the run began.
    pub fn expects_failure_of(&self, item: &str) -> Option<&ExpectedFailure> {
        self.expected_failures.iter().find(|expected| expected.item.as_str() == item && !self.is_over(expected))
    }

    /// Whether the last day of an expected failure was over when the run began.
    pub fn is_over(&self, expected: &ExpectedFailure) -> bool {
        let today = self.began.get(..10).unwrap_or_default();
        expected.until.as_deref().is_some_and(|until| until < today)
    }
}

impl Shard {
    /// `1/3`.
    pub fn name(self) -> String {
        format!("{}/{}", self.index, self.of)
    }
}
