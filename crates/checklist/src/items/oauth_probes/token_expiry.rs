//! Access tokens that expired, and the refreshes after that.

use flowcheck_evidence::{Event, KlaviyoEvent, StepPhase, TokenCall};

use crate::flow::{At, Flow, Window};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::verdict::{Finding, Verdict};

/// Seconds that an access token lives (Klaviyo: 3600).
const TOKEN_LIFE_S: u64 = 3_600;

/// Where the access token has run out for the nth time, because an hour was let pass after tokens were issued.
pub(super) fn nth_expiry(flow: &Flow<'_>, nth: usize) -> Result<u32, Verdict> {
    if let Some(blocked) = without_tokens(flow) {
        return Err(blocked);
    }
    let found = expiries(flow.events).nth(nth);
    found.ok_or_else(|| cut_short(flow, if nth == 0 { "an hour had passed" } else { "a second hour had passed" }))
}

fn expiries(events: Window<'_>) -> impl Iterator<Item = u32> {
    events.entries().iter().filter_map(|entry| match entry.event {
        Event::Klaviyo(KlaviyoEvent::ClockMoved { by_s }) if by_s >= TOKEN_LIFE_S => Some(entry.seq),
        _ => None,
    })
}

/// What was seen from an expiry to the next.
pub(super) fn before_next_expiry<'a>(flow: &Flow<'a>, expired: u32) -> Window<'a> {
    let next = expiries(flow.events.after(expired)).next();
    flow.events.since(expired).before(next.unwrap_or(u32::MAX))
}

/// The token requests that show a refresh token.
pub(super) fn refreshes(events: Window<'_>) -> impl DoubleEndedIterator<Item = At<'_, TokenCall>> {
    events.token_calls().filter(|call| call.it.refresh_token.is_some())
}

/// For review, where the app's clock stood still while Klaviyo's was moved: an app that refreshes before its tokens expire would look
/// the same there as one that never does.
pub(super) fn unless_clock_stood_still(flow: &Flow<'_>, finding: Finding) -> Verdict {
    if flow.setup.app.clock_stood_still {
        let why = "Klaviyo's clock was moved and the app's could not be, so an app that refreshes before its tokens expire looks the \
                   same; with libfaketime, or `--real-time`, it would not";
        return Verdict::Review(finding.likely(why));
    }
    Verdict::Fail(finding)
}

/// Steps that ended, without the one that the stretch begins in.
pub(super) fn ended_steps(entries: Window<'_>) -> usize {
    entries.steps().filter(|mark| mark.it.phase != StepPhase::Began).count().saturating_sub(1)
}
