//! A 429 is obeyed.

use super::delivers;
use super::throttled::{TOLERANCE_MS, elapsed_ms, throttled, triggers_after};
use crate::flow::{ApiRequest, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::verdict::{Finding, Value, Verdict, statement};

/// Milliseconds within which calls with other contents may have been sent before the app knew of the limit.
const UNDER_WAY_MS: u64 = 50;

/// `rate.respects-retry-after`.
pub(crate) static ITEM: Item = Item {
    id: "rate.respects-retry-after",
    group: Group::Rate,
    requirement: "A 429 is obeyed",
    judged: "A retry is seen, and none to that endpoint for that account before Retry-After has passed",
    source: documents::LIMITS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::RATE,
    guidance: Topic::Rate,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let (throttled, wait_s) = match throttled(flow) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let expected = statement!(
        "no call to that endpoint for that account within the {wait} of Retry-After",
        wait = Value::Seconds(wait_s)
    );
    // What was on its way when the limit was met is no answer to it.
    let under_way = |call: &ApiRequest<'_>| {
        call.at_ms.saturating_sub(throttled.at_ms) < UNDER_WAY_MS && !throttled.same_write(call)
    };
    let mut later = flow.events.after(throttled.seq).api_calls();
    let Some(next) = later.find(|call| throttled.same_place(call) && !under_way(call)) else {
        return match delivers::judge(flow) {
            Verdict::Fail(_) => Verdict::blocked_by("rate.delivers", "the throttled call was not repeated at all"),
            Verdict::NotApplicable(_) if triggers_after(flow, throttled.seq).count() > 2 => Verdict::Review(
                Finding::app(expected, "the throttled call did not come again, though the app worked once more")
                    .at(throttled.seq),
            ),
            _ => cut_short(flow, "the throttled call was repeated"),
        };
    };
    let after_ms = elapsed_ms(flow, &throttled, &next);
    if after_ms.saturating_add(TOLERANCE_MS) >= wait_s.saturating_mul(1000) {
        return Verdict::Pass(statement!(
            "repeated after {after}, Retry-After was {wait}",
            after = Value::Milliseconds(after_ms),
            wait = Value::Seconds(wait_s)
        ));
    }
    let again =
        statement!("{request} again after {after}", request = next.request(), after = Value::Milliseconds(after_ms));
    if flow.events.step_began(next.seq) > throttled.seq {
        // flowcheck itself made the app work again so soon. Whether the app would have, by its own jobs, is not seen.
        let saw = statement!("{again}, when flowcheck triggered it again", again);
        let likely =
            "the next run does not know that the account has to wait; whether runs come so soon is for you to say";
        return Verdict::Review(Finding::app(expected, saw).likely(likely).at(next.seq));
    }
    let likely = "the call is repeated at once, or after a pause of the app's own that does not read Retry-After";
    Verdict::Fail(Finding::app(expected, again).likely(likely).at(next.seq))
}
