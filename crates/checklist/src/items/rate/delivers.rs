//! Nothing is lost because of a 429.

use flowcheck_evidence::permits_writing;

use super::event_identity::{are_of_different_ids, are_of_different_seconds, is_same_event};
use super::throttled::{throttled, triggers_after};
use crate::flow::{ApiRequest, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::verdict::{Finding, Verdict, statement};

/// `rate.delivers`.
pub(crate) static ITEM: Item = Item {
    id: "rate.delivers",
    group: Group::Rate,
    requirement: "Nothing is lost because of a 429",
    judged: "The throttled write arrives later, once",
    source: documents::LIMITS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::RATE,
    guidance: Topic::Rate,
    twin: None,
    over_the_run: None,
};

/// A read was throttled, because the app wrote nothing when it was to.
fn not_written(flow: &Flow<'_>) -> Verdict {
    let writes = flow.events.api_calls().any(|call| !call.is_read() && !call.is_preflight());
    if writes || flow.setup.app.scopes.iter().any(|scope| permits_writing(scope)) {
        return Verdict::not_run(
            "the app only read when it was to be throttled; let `trigger` make it write what it has not written yet",
        );
    }
    Verdict::NotApplicable("the app only reads: it has no scope to write, and made no call that does".into())
}

/// Whether each run of the app's job sends one more, under an id of its own, the last run too, long after the limit: a daily balance, say.
/// Copies that a limit made come to an end.
fn comes_with_each_run(flow: &Flow<'_>, throttled: &ApiRequest<'_>, arrived: &[&ApiRequest<'_>]) -> bool {
    let runs: Vec<u32> = triggers_after(flow, throttled.seq).collect();
    let Some(last) = runs.len().checked_sub(2).and_then(|at| runs.get(at)) else { return false };
    let have_own_ids = arrived
        .iter()
        .enumerate()
        .all(|(at, one)| arrived[at + 1..].iter().all(|other| are_of_different_ids(one.exchange, other.exchange)));
    have_own_ids && arrived.len() >= runs.len() && arrived.iter().any(|call| call.seq > *last)
}

pub(super) fn judge(flow: &Flow<'_>) -> Verdict {
    let (throttled, _) = match throttled(flow) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    if throttled.is_read() {
        return not_written(flow);
    }
    let expected = "the throttled write to arrive later, once";
    let later: Vec<ApiRequest<'_>> = flow
        .events
        .api_calls()
        .filter(|call| call.seq > throttled.seq && throttled.same_place(call) && call.succeeded())
        .collect();
    let mut arrived: Vec<&ApiRequest<'_>> = later.iter().filter(|call| throttled.same_write(call)).collect();
    if arrived.iter().any(|call| is_same_event(throttled.exchange, call.exchange)) {
        // The others of that kind are events of their own.
        arrived.retain(|call| !are_of_different_seconds(throttled.exchange, call.exchange));
        if comes_with_each_run(flow, &throttled, &arrived) {
            arrived.retain(|call| !are_of_different_ids(throttled.exchange, call.exchange));
        }
    } else if let [first, .., last] = arrived.as_slice()
        && are_of_different_seconds(first.exchange, last.exchange)
    {
        let saw =
            "several calls with its contents arrived later, each of another second; look whether one of them is it";
        return Verdict::Review(Finding::app(expected, saw).at(last.seq));
    }
    if let [first, rest @ ..] = arrived.as_slice()
        && let Some(again) = rest.iter().find(|again| !first.is_known_repeat(again))
    {
        return Verdict::Fail(
            Finding::app(expected, statement!("{request} arrived {arrived} times", request = first.request(), arrived = arrived.len()))
                .likely("the call is queued again although an earlier copy is still waiting, or without the id that makes it one")
                .at(again.seq),
        );
    }
    let arrived = arrived.first().copied();
    // The app must have had work to do once more, or a second copy would not have been seen.
    let settled = arrived.map_or(throttled.seq, |call| call.seq);
    let worked_after = triggers_after(flow, settled).filter(|seq| flow.events.ended_after(*seq).is_some());
    match (arrived, worked_after.count()) {
        // The run that it arrived in, and another.
        (Some(call), 2..) => Verdict::Pass(statement!("{request} arrived later, once", request = call.request())),
        (None, 3..) if later.iter().any(|call| throttled.may_be_about_the_same(call)) => Verdict::Review(
            Finding::app(
                expected,
                "calls to the same endpoint arrived later, but with other contents; look whether one is it",
            )
            .at(throttled.seq),
        ),
        // The run that met the limit, one while it lasts, one after it.
        (None, 3..) => Verdict::Fail(
            Finding::app(expected, statement!("{request} never came again", request = throttled.request()))
                .likely("a 429 is taken for an answer: what was to be sent is forgotten, or marked as sent")
                .at(throttled.seq),
        ),
        _ => cut_short(flow, "the app was made to call Klaviyo once more after Retry-After"),
    }
}
