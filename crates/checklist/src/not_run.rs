//! Why an item is not run: the evidence ends too early, or another item stands in the way.

use super::Verdict;
use super::attempt::{Attempt, attempts};
use super::view::{failed_after, steps};
use flowcheck_evidence::{Event, Evidence, Purpose, Start, StepKind, StepPhase};

/// Not run, because the evidence ends too early; `wanted` is what it ends before.
pub(super) fn cut_short(evidence: &Evidence, wanted: &str) -> Verdict {
    let trouble = evidence.timeline.iter().rev().find_map(|entry| match &entry.event {
        Event::HarnessError(trouble) => Some(format!(": {}", trouble.what)),
        _ => None,
    });
    Verdict::not_run(format!("the scenario ended before {wanted}{}", trouble.unwrap_or_default()))
}

/// Not run, because no tokens were issued to judge anything by; none where they were.
pub(super) fn without_tokens(evidence: &Evidence) -> Option<Verdict> {
    let all = attempts(evidence);
    if all.iter().any(|attempt| attempt.issued().is_some()) {
        return None;
    }
    match all.iter().find(|attempt| attempt.decided(&Purpose::Allow).is_some()) {
        Some(attempt) if attempt.is_over() => {
            Some(Verdict::blocked_by("install.completes", "the installation did not complete"))
        }
        Some(_) => Some(cut_short(evidence, "the installation was seen to its end")),
        None => Some(not_allowed_yet(evidence)),
    }
}

pub(super) fn not_allowed_yet(evidence: &Evidence) -> Verdict {
    attempts(evidence).last().map_or_else(|| not_started(evidence), Attempt::undecided)
}

/// No attempt at all: blocked by whatever kept the runner from starting one.
pub(super) fn not_started(evidence: &Evidence) -> Verdict {
    if let Some((_, why)) = failed_to_start_in_app(evidence) {
        return Verdict::blocked_by("install.from-app", why);
    }
    match failed_after(&evidence.timeline, 0) {
        Some(failed) => Verdict::not_run(failed.it),
        None => cut_short(evidence, "an installation was started"),
    }
}

/// The step that should have started an installation in the app and could not, with the reason.
pub(super) fn failed_to_start_in_app(evidence: &Evidence) -> Option<(u32, String)> {
    steps(&evidence.timeline).find_map(|mark| match &mark.it.phase {
        StepPhase::Failed(why) if mark.it.step == StepKind::Install(Start::App) => Some((mark.seq, why.to_string())),
        _ => None,
    })
}
