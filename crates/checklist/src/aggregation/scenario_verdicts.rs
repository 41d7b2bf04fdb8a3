//! What a scenario's verdicts count as in its run, and which of them may be chance.

use super::aggregate::ItemOutcome;
use super::outcome::{ScenarioEnd, ScenarioOutcome};
use super::run_info::RunInfo;
use crate::item_id::ItemId;
use crate::items::find;
use crate::judged_item::JudgedItem;
use crate::verdict::{Verdict, VerdictKind};

impl ScenarioOutcome {
    /// What an item's verdict in this scenario counts as in the run.
    pub fn counts_as(&self, judged: &JudgedItem, run: &RunInfo) -> VerdictKind {
        counts_as(&judged.item, &judged.verdict, self, run)
    }

    /// Whether a try ended so that another may show it to be chance: something failed, or flowcheck could not do its work.
    pub fn may_be_chance(&self, run: &RunInfo) -> bool {
        let broke = matches!(self.end, ScenarioEnd::Harness(_) | ScenarioEnd::AppUnavailable(_));
        broke || self.items.iter().any(|judged| self.counts_as(judged, run) == VerdictKind::Fail)
    }

    /// Items that failed in an earlier try and do not in the last.
    pub fn flaky<'a>(&'a self, run: &'a RunInfo) -> impl Iterator<Item = &'a ItemId> {
        let now_fine = |judged: &&JudgedItem| {
            matches!(self.counts_as(judged, run), VerdictKind::Pass | VerdictKind::Warn | VerdictKind::Review)
        };
        let failed_before = |judged: &&JudgedItem| {
            self.earlier.iter().flat_map(|earlier| &earlier.items).any(|before| {
                before.item == judged.item && counts_as(&before.item, &before.verdict, self, run) == VerdictKind::Fail
            })
        };
        self.items.iter().filter(now_fine).filter(failed_before).map(|judged| &judged.item)
    }
}

fn counts_as(item: &ItemId, verdict: &Verdict, scenario: &ScenarioOutcome, run: &RunInfo) -> VerdictKind {
    find(item.as_str()).map_or(verdict.kind(), |item| ItemOutcome { item, verdict, scenario }.counts_as(run))
}
