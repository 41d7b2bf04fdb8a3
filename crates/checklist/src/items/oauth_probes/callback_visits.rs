//! Callbacks that the user's browser was made to open, and what followed.

use flowcheck_evidence::{Act, PageKind, Purpose, StepPhase, Tampering, TokenCall, TokenOutcome};

use crate::flow::{At, Flow};
use crate::judging::not_run::{cut_short, undecided};
use crate::verdict::Verdict;

/// The callback that was opened with something wrong about it.
pub(super) fn callback<'a>(flow: &Flow<'a>, with: Tampering) -> Option<At<'a, Act>> {
    flow.events.acts().find(|act| act.it.purpose == Purpose::Callback(with))
}

/// Whether a page is no answer, or the app's own failure.
pub(super) fn breaks(kind: PageKind, status: Option<u16>) -> bool {
    kind == PageKind::BrowserError || status.is_some_and(|status| status >= 500)
}

/// What came of a token request.
pub(super) fn in_words(call: &At<'_, TokenCall>) -> &'static str {
    match call.it.outcome {
        TokenOutcome::Issued { .. } => "tokens issued",
        TokenOutcome::Refused { .. } => "a token request",
    }
}

/// Why a callback was not opened: consent was not reached, or the evidence ends before.
pub(super) fn not_opened(flow: &Flow<'_>, wanted: &'static str) -> Verdict {
    let failed = flow.events.steps().any(|mark| matches!(mark.it.phase, StepPhase::Failed(_)));
    match flow.attempts.last() {
        Some(attempt) if failed && attempt.reached_klaviyo().is_none() => undecided(flow, attempt),
        _ => cut_short(flow, wanted),
    }
}
