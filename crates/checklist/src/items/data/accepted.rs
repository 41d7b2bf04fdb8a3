//! The calls by which Klaviyo came to keep something, and why an item has none to judge.

use flowcheck_evidence::{Declared, StepKind, StepMark, StepPhase};

use crate::flow::{ApiRequest, At, Flow};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::verdict::{Verdict, statement};

/// The app's calls with a token that Klaviyo took and kept something of.
pub(super) fn accepted<'a>(flow: &Flow<'a>) -> impl Iterator<Item = ApiRequest<'a>> + use<'a> {
    let by_token = |call: &ApiRequest<'_>| call.facts.install.is_some() && call.succeeded();
    flow.events.api_calls().filter(by_token).filter(|call| !call.facts.sent.is_empty())
}

/// Not run, where the step was not seen to its end in which the app last wrote: what it would have written next may have decided.
pub(super) fn unless_seen_to_the_end(flow: &Flow<'_>, verdict: Verdict) -> Verdict {
    let writes = flow.events.api_calls().filter(|call| !call.facts.sent.is_empty());
    match writes.map(|call| call.seq).max() {
        Some(last) if flow.events.ended_after(last).is_none() => cut_short(flow, "the app was seen to end its work"),
        _ => verdict,
    }
}

/// The verdict where the app sent nothing of a kind: it does not apply once the app was seen at work.
pub(super) fn nothing_of_the_kind(flow: &Flow<'_>, what: &'static str) -> Verdict {
    if let Some(blocked) = without_tokens(flow) {
        return blocked;
    }
    let works = |mark: &At<'_, StepMark>| mark.it.step == StepKind::Trigger;
    let has_worked = flow.events.steps().any(|mark| works(&mark) && mark.it.phase == StepPhase::Done);
    let no_work = flow.events.steps().find_map(|mark| match &mark.it.phase {
        StepPhase::Failed(why) if works(&mark) => Some(why),
        _ => None,
    });
    match (&flow.setup.app.trigger, no_work) {
        (Declared::Nothing, _) => Verdict::not_run(statement!(
            "{what}: add `trigger` to flowcheck.yaml, or `trigger: {{ none: REASON }}` where nothing makes the app call Klaviyo",
            what
        )),
        (Declared::Given, Some(why)) => Verdict::not_run(why),
        (Declared::Given, None) if !has_worked => cut_short(flow, "the app was made to call Klaviyo"),
        (Declared::Given | Declared::Absent(_), _) => Verdict::NotApplicable(what.into()),
    }
}
