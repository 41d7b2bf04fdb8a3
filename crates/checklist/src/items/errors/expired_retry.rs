//! The second attempt works.

use super::failed_attempt::{had_expired, not_expired, second_attempt};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::Verdict;

/// `error.expired.retry`.
pub(crate) static ITEM: Item = Item {
    id: "error.expired.retry",
    group: Group::Errors,
    requirement: "The second attempt works",
    judged: "The installation completes",
    source: documents::ERRORS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: "begin the second attempt with a new state and verifier",
    guidance: Topic::Errors,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let all = &flow.attempts;
    let Some(at) = all.iter().position(had_expired) else { return not_expired(flow) };
    let (earlier, later) = all.split_at(at + 1);
    match later.first() {
        Some(attempt) if attempt.issued().is_some() => Verdict::Pass("the second attempt completed".into()),
        other => second_attempt(
            flow,
            other,
            earlier,
            "the second attempt to complete",
            "the first attempt's state is still in the way",
        ),
    }
}
