//! Quotas are per account and app: throttling one account does not stop another's calls.

use flowcheck_evidence::{Event, Facts};

use super::throttled::{elapsed_ms, throttled, triggers_after};
use crate::flow::{ApiRequest, Flow};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, usual_causes};
use crate::judging::not_run::cut_short;
use crate::verdict::{Blame, Finding, Verdict, statement};

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

const EXPECTED: &str = "calls for another account going on while one account is throttled";

fn judge(flow: &Flow<'_>) -> Verdict {
    let (throttled, wait_s) = match throttled(flow) {
        Ok(found) => found,
        Err(verdict) => return only_the_last(flow).unwrap_or(verdict),
    };
    let expected = EXPECTED;
    let of_others: Vec<ApiRequest<'_>> = flow
        .events
        .api_calls()
        .filter(|call| call.facts.account.is_some() && call.facts.account != throttled.facts.account)
        .collect();
    // Once the throttled account goes on, the other may only have waited for it.
    let goes_on =
        flow.events.after(throttled.seq).api_calls().find(|call| throttled.same_place(call) && call.succeeded());
    let goes_on = goes_on.map_or(u32::MAX, |call| call.seq);
    let meanwhile = of_others.iter().find(|call| {
        call.seq > throttled.seq
            && call.seq < goes_on
            && call.succeeded()
            && elapsed_ms(flow, &throttled, call) < wait_s.saturating_mul(1000)
    });
    if let Some(call) = meanwhile {
        return Verdict::Pass(statement!("{request} for another account meanwhile", request = call.request()));
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
    if let Some(trigger) = serves_one_account(flow, &throttled, wait_s) {
        return Verdict::Fail(
            Finding::app(expected, "no call for the other account in any run of `trigger`, also after the limit was over")
                .likely("`trigger` makes the app work for one account only; let it serve every account that has installed the app")
                .blame(Blame::Config)
                .at(trigger),
        );
    }
    // In the same run of the app's work, and made already when the first one was throttled: whatever it does then, it holds up nothing.
    let run = flow.events.step_began(throttled.seq);
    let before = of_others.iter().find(|call| {
        let is_same = call.facts.operation.is_some() && call.facts.operation == throttled.facts.operation;
        is_same && run < call.seq && call.seq < throttled.seq && call.succeeded()
    });
    if let Some(call) = before {
        let saw = statement!("{request} for the other account just before", request = call.request());
        return Verdict::Review(
            Finding::app(expected, saw)
                .likely("the app serves accounts in turn or side by side; the throttled one came last, so nothing shows whether others would have waited")
                .at(throttled.seq),
        );
    }
    Verdict::Fail(
        Finding::app(expected, "no call for the other account until the throttled one could go on")
            .likely("one queue, or one pause, for all accounts: a 429 of one stops the whole job")
            .at(throttled.seq),
    )
}

/// Left to a person, where the app is installed for two accounts, and `trigger` makes calls for the one alone that was connected last: one
/// connection in place of two looks the same from Klaviyo as a trigger for one account.
fn only_the_last(flow: &Flow<'_>) -> Option<Verdict> {
    let allowed: Vec<_> = flow
        .events
        .entries()
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Exchange(exchange) => match &exchange.facts {
                Facts::Decision(call) if call.code.is_some() => Some((entry.seq, &call.account)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let ((_, first), (since, last)) = (allowed.first()?, allowed.last()?);
    let calls = |account| {
        let of_it = move |call: &ApiRequest<'_>| call.facts.account.as_ref() == Some(account);
        flow.events.after(*since).api_calls().filter(move |call| of_it(call) && in_a_trigger(flow, call.seq))
    };
    let triggers = triggers_after(flow, *since).filter(|seq| flow.events.ended_after(*seq).is_some()).count();
    if first == last || triggers < 2 || calls(*first).next().is_some() {
        return None;
    }
    let call = calls(*last).next()?;
    let saw = statement!(
        "calls for the account connected last, and none for the first, in {triggers} runs of `trigger`",
        triggers
    );
    let finding = Finding::app(EXPECTED, saw)
        .likely("the app keeps one connection for all accounts, which the last one replaces; or `trigger` makes it work for one account only")
        .at(call.seq);
    Some(Verdict::Review(finding))
}

/// Whether something happened in a step in which the app was made to work.
fn in_a_trigger(flow: &Flow<'_>, seq: u32) -> bool {
    let began = flow.events.step_began(seq);
    triggers_after(flow, began).next().is_some_and(|trigger| flow.events.step_began(trigger) == began)
}

/// A trigger after the limit was over in which the app worked for no other account either, as in none before it: the trigger is
/// for one account alone.
fn serves_one_account(flow: &Flow<'_>, throttled: &ApiRequest<'_>, wait_s: u64) -> Option<u32> {
    let since = flow.events.after(throttled.seq);
    let of_another = |call: &ApiRequest<'_>| {
        call.facts.account.is_some() && call.facts.account != throttled.facts.account && in_a_trigger(flow, call.seq)
    };
    if flow.events.api_calls().any(|call| of_another(&call)) {
        return None;
    }
    let over = since.api_calls().find(|call| {
        call.succeeded()
            && call.facts.account == throttled.facts.account
            && elapsed_ms(flow, throttled, call) >= wait_s.saturating_mul(1000)
    })?;
    triggers_after(flow, over.seq).next()
}
