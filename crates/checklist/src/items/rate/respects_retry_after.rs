//! A 429 is obeyed.

use super::delivers;
use super::throttled::{TOLERANCE_MS, elapsed_ms, seconds, throttled};
use crate::flow::Flow;
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::not_run::cut_short;
use crate::verdict::{Finding, Verdict};

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
    let expected = format!("no call to that endpoint for that account within the {wait_s} s of Retry-After");
    let Some(next) = flow.events.after(throttled.seq).api_calls().find(|call| throttled.same_place(call)) else {
        return match delivers::judge(flow) {
            Verdict::Fail(_) => Verdict::blocked_by("rate.delivers", "the throttled call was not repeated at all"),
            _ => cut_short(flow, "the throttled call was repeated"),
        };
    };
    let after_ms = elapsed_ms(flow, &throttled, &next);
    if after_ms.saturating_add(TOLERANCE_MS) >= wait_s.saturating_mul(1000) {
        return Verdict::Pass(format!("repeated after {}, Retry-After was {wait_s} s", seconds(after_ms)));
    }
    Verdict::Fail(
        Finding::app(
            expected,
            format!("{} {} again after {}", next.exchange.method, next.exchange.path, seconds(after_ms)),
        )
        .likely("a 429 is repeated at once, or by a schedule of the app's own that does not read Retry-After")
        .at(next.seq),
    )
}
