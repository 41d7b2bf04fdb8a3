//! Leaving the consent page undecided and coming back within five minutes works.

use flowcheck_evidence::Purpose;

use super::failed_attempt::not_decided;
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::{cut_short, undecided};
use crate::judging::stop::Stop;
use crate::judging::token_refusal::refused_in_any_attempt;
use crate::verdict::{Finding, Verdict};

/// `error.abandoned.return`.
pub(crate) static ITEM: Item = Item {
    id: "error.abandoned.return",
    group: Group::Errors,
    requirement: "Leaving the consent page undecided and coming back within five minutes works",
    judged: "The installation completes",
    source: documents::ERRORS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED, &usual_causes::REDIRECT_LOOP],
    remedy: "keep what belongs to the attempt for ten minutes, whatever else the user opens meanwhile",
    guidance: Topic::Errors,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let all = &flow.attempts;
    let Some(attempt) = all.first() else { return not_decided(flow) };
    let Some(left) = attempt.events.acts().find(|act| act.it.purpose == Purpose::Leave) else {
        return undecided(flow, attempt);
    };
    if attempt.issued().is_some_and(|issued| issued.seq > left.seq) {
        return Verdict::Pass("left, came back in time, allowed: the installation completed".into());
    }
    if attempt.decided(&Purpose::Allow).is_none()
        && let Some(failed) = attempt.events.failed_after(left.seq)
    {
        return Verdict::not_run(failed.it);
    }
    match attempt.landing(&Purpose::Allow) {
        Some(page) if attempt.is_over() => refused_in_any_attempt(attempt).unwrap_or_else(|| {
            Verdict::Fail(
                Finding::app(
                    "the installation to complete after coming back in time",
                    Stop::at_rest(page).words(flow.setup),
                )
                .hops(attempt.hop_lines(page.seq))
                .likely("what was kept for the attempt is gone once the user opens another page of the app")
                .at(page.seq),
            )
        }),
        _ => cut_short(flow, "the installation was seen to its end"),
    }
}
