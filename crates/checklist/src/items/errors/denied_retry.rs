//! After a denial, installing can be attempted again.

use flowcheck_evidence::Purpose;

use super::failed_attempt::{not_decided, second_attempt};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::verdict::Verdict;

/// `error.denied.retry`.
pub(crate) static ITEM: Item = Item {
    id: "error.denied.retry",
    group: Group::Errors,
    requirement: "After a denial, installing can be attempted again",
    judged: "The same user then installs",
    source: documents::ERRORS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: "forget the attempt that was denied, so that the next begins afresh",
    guidance: Topic::Errors,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let all = &flow.attempts;
    let Some(at) = all.iter().position(|attempt| attempt.decided(&Purpose::Deny).is_some()) else {
        return not_decided(flow);
    };
    let (earlier, later) = all.split_at(at + 1);
    second_attempt(
        flow,
        later.first(),
        earlier,
        "the same user to install after having denied",
        "a denial is remembered and blocks the next attempt",
    )
}
