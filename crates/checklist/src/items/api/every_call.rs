//! All calls below `/api` that an app made.

use flowcheck_evidence::StepPhase;

use crate::flow::{ApiRequest, Attempt, Flow};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::verdict::{Verdict, counted, statement};

/// The worst verdict that `says` has on a call; a pass where it has none, once the installed app was seen at work.
pub(super) fn judged(
    flow: &Flow<'_>,
    all_fine: &'static str,
    says: impl Fn(ApiRequest<'_>) -> Option<Verdict>,
) -> Verdict {
    // `/client` is for browsers, and takes no token.
    judged_of(flow, |call| !is_client_api(call), all_fine, says)
}

/// The same for the calls of one kind.
pub(super) fn judged_of(
    flow: &Flow<'_>,
    kind: impl Fn(&ApiRequest<'_>) -> bool,
    all_fine: &'static str,
    says: impl Fn(ApiRequest<'_>) -> Option<Verdict>,
) -> Verdict {
    let calls: Vec<ApiRequest<'_>> = flow.events.api_calls().filter(kind).collect();
    // The worst, and of several the first.
    if let Some(verdict) = calls.iter().filter_map(|call| says(*call)).rev().max_by_key(Verdict::kind) {
        return verdict;
    }
    if let Some(verdict) = not_at_work(flow) {
        return verdict;
    }
    match calls.len() {
        0 => Verdict::NotApplicable("the app did not call the API here".into()),
        calls => Verdict::Pass(statement!("{calls}, {all_fine}", calls = counted(calls, "call", "calls"), all_fine)),
    }
}

/// Not run, where no step that began after the app had its tokens has ended.
fn not_at_work(flow: &Flow<'_>) -> Option<Verdict> {
    if let Some(verdict) = without_tokens(flow) {
        return Some(verdict);
    }
    let issued = flow.attempts.iter().find_map(Attempt::issued).map_or(0, |call| call.seq);
    let began = flow.events.steps().find(|mark| mark.seq > issued && mark.it.phase == StepPhase::Began);
    match began.and_then(|began| flow.events.ended_after(began.seq)) {
        Some(_) => None,
        None => Some(cut_short(flow, "the installed app was seen at work")),
    }
}

/// Whether a call is one of those that a shop's pages make without a token.
pub(super) fn is_client_api(call: &ApiRequest<'_>) -> bool {
    call.exchange.path.starts_with("/client")
}
