//! Quotas are per account and app: throttling one account does not stop another's calls.

use flowcheck_evidence::{Event, Facts};

use super::throttled::{TOLERANCE_MS, elapsed_ms, throttled, triggers_after};
use crate::flow::{ApiRequest, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::cut_short;
use crate::verdict::{Finding, Verdict};

/// `rate.isolated`.
pub(crate) static ITEM: Item = Item {
    id: "rate.isolated",
    group: Group::Rate,
    requirement: "Quotas are per account and app: throttling one account does not stop another's calls",
    judged: "Calls for a second account go on while Retry-After of the first one lasts",
    source: documents::LIMITS,
    tier: Tier::Gate,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: "queue calls by Klaviyo account, so that one that waits holds up no other",
    guidance: Topic::Rate,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let (throttled, wait_s) = match throttled(flow) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let expected = "calls for another account going on while one account is throttled";
    let of_others: Vec<ApiRequest<'_>> = flow
        .events
        .api_calls()
        .filter(|call| call.facts.account.is_some() && call.facts.account != throttled.facts.account)
        .collect();
    let meanwhile = of_others.iter().find(|call| {
        call.seq > throttled.seq
            && call.succeeded()
            && elapsed_ms(flow, &throttled, call) <= wait_s.saturating_mul(1000).saturating_add(TOLERANCE_MS)
    });
    if let Some(call) = meanwhile {
        return Verdict::Pass(format!("{} {} for another account meanwhile", call.exchange.method, call.exchange.path));
    }
    let worked = triggers_after(flow, throttled.seq).filter(|seq| flow.events.ended_after(*seq).is_some());
    let over = flow.events.entries().last().is_some_and(|last| {
        flow.setup.app.clock_follows || last.at_ms.saturating_sub(throttled.at_ms) >= wait_s.saturating_mul(1000)
    });
    if worked.count() < 2 || !over {
        return cut_short(flow, "the app was made to call Klaviyo while one account was throttled");
    }
    let installed = flow.events.entries().iter().any(|entry| match &entry.event {
        Event::Exchange(exchange) => matches!(&exchange.facts, Facts::Decision(call)
            if Some(&call.account) != throttled.facts.account.as_ref() && call.code.is_some()),
        _ => false,
    });
    if !installed {
        let why = "the app is not installed for a second account";
        let tried = flow.attempts.len() > 1;
        return if tried { Verdict::blocked_by("install.completes", why) } else { Verdict::not_run(why) };
    }
    Verdict::Fail(
        Finding::app(expected, "no call for the other account until the throttled one could go on")
            .likely("one queue, or one pause, for all accounts: a 429 of one stops the whole job")
            .at(throttled.seq),
    )
}
