//! Calls made at once do not storm the token endpoint.

use std::cmp::Reverse;
use std::collections::HashMap;

use flowcheck_evidence::{Event, FaultEffect, KlaviyoEvent, KlaviyoFault, Purpose, TokenCall, TokenState};

use super::token_expiry::{nth_expiry, refreshes, unless_clock_stood_still};
use crate::flow::{At, Flow, Window};
use crate::items::item::{Group, Item, Tier, Topic};
use crate::items::{documents, remedies, usual_causes};
use crate::judging::no_calls::no_calls;
use crate::judging::not_run::cut_short;
use crate::verdict::{Finding, Statement, Verdict, counted, statement};

/// Refreshes of one install that much work at once may cost: one, and one by another process of the app's.
const AT_ONCE: usize = 2;

/// Calls that are many: with one alone nothing can storm.
const MANY: usize = 2;
/// Milliseconds within which calls follow the refresh, and each other, that waited for it. An app that makes them one after the other
/// takes a while over each; what it does by a timer comes later.
const FOLLOWS_MS: u64 = 1_000;

/// `oauth.refresh.once`.
pub(crate) static ITEM: Item = Item {
    id: "oauth.refresh.once",
    group: Group::Oauth,
    requirement: "Calls made at once do not storm the token endpoint",
    judged: "After an hour several pages are asked for and the app is triggered, all at once: calls wait for a new token, and two refreshes of an install are made at most",
    source: documents::CURRENT_PRACTICE,
    tier: Tier::Hardening,
    judge,
    causes: &[&usual_causes::APP_ENDED],
    remedy: remedies::OAUTH_REFRESH,
    guidance: Topic::Token,
    twin: None,
    over_the_run: None,
};

fn judge(flow: &Flow<'_>) -> Verdict {
    let expected = statement!("at most {at_once} refreshes where much is done at once", at_once = AT_ONCE);
    let expired = match nth_expiry(flow, 0) {
        Ok(seq) => seq,
        Err(verdict) => return verdict,
    };
    let entries = flow.events.since(expired);
    let rush = entries.acts().find_map(|act| match act.it.purpose {
        Purpose::Rush(times) => Some((act.seq, times)),
        _ => None,
    });
    let Some((rush, times)) = rush else {
        return cut_short(flow, "the app was made to work several times at once");
    };
    let (rest, has_ended) = entries.rest_of_step(rush);
    let (made, first) = most_of_one_install(rest).unwrap_or((0, rush));
    if made > AT_ONCE {
        let saw =
            statement!("{made} refreshes when {times} pages were asked for at once", made, times = usize::from(times));
        return Verdict::Fail(
            Finding::app(expected, saw)
                .likely("every request refreshes for itself; where Klaviyo rotates, all but one lose their token")
                .at(first),
        );
    }
    if !has_ended {
        return cut_short(flow, "all that was asked for at once had been answered");
    }
    let review = |saw: Statement| {
        Verdict::Review(
            Finding::app(expected.clone(), saw)
                .likely("neither the settings page nor `trigger` makes a call to Klaviyo each time it is asked for")
                .at(rush),
        )
    };
    let Some(first) = refreshes(rest).next() else {
        return match rest.api_calls().next() {
            Some(call) if flow.setup.app.clock_stood_still && call.facts.token_state == TokenState::Expired => {
                unless_clock_stood_still(flow, Finding::app(expected, "the app did not refresh its token").at(call.seq))
            }
            Some(call)
                if call.facts.token_state == TokenState::Expired
                    && refreshes(entries.before(rush)).next().is_none() =>
            {
                Verdict::blocked_by("oauth.refresh", "the app did not refresh its token")
            }
            _ if refreshes(entries.before(rush)).next().is_some() => {
                review("the app had refreshed by itself before; nothing was left to storm with".into())
            }
            Some(_) => {
                review("no call with the expired token; nothing shows how it refreshes when much is done".into())
            }
            None => {
                let saw = "the app made no call; nothing shows how it refreshes when much is done at once";
                no_calls(flow, expected, saw, rush)
            }
        };
    };
    let waiting = at_once(rest, first, flow);
    if waiting < MANY {
        return review(statement!(
            "{calls} that needed the new token at once: nothing to storm with",
            calls = counted(waiting, "call", "calls")
        ));
    }
    Verdict::Pass(statement!(
        "{refreshes} for {waiting} calls at once",
        refreshes = counted(made, "refresh", "refreshes"),
        waiting
    ))
}

/// The refreshes of the install that has most, and the first of them.
fn most_of_one_install(events: Window<'_>) -> Option<(usize, u32)> {
    let mut of_installs: HashMap<Option<&str>, (usize, u32)> = HashMap::new();
    for call in refreshes(events) {
        of_installs.entry(call.it.install.as_deref()).or_insert((0, call.seq)).0 += 1;
    }
    of_installs.into_values().max_by_key(|(made, first)| (*made, Reverse(*first)))
}

/// Calls that needed a new token at the same time: those that showed the expired one before the refresh was answered, or, where the
/// app refreshes before it calls, the same call made again and again from then on.
fn at_once(rest: Window<'_>, refresh: At<'_, TokenCall>, flow: &Flow<'_>) -> usize {
    let late = flow.events.before(refresh.seq).entries().iter().rev().find_map(|entry| match &entry.event {
        Event::Klaviyo(KlaviyoEvent::FaultApplied(KlaviyoFault { effect: FaultEffect::Delay { ms }, .. })) => Some(*ms),
        _ => None,
    });
    // Exchanges are recorded when they arrive; the answer left later.
    let answered_ms = refresh.time_ms.saturating_add(late.unwrap_or(0));
    let expired = rest
        .api_calls()
        .filter(|call| call.facts.token_state == TokenState::Expired && call.at_ms <= answered_ms)
        .count();
    let mut same: HashMap<_, usize> = HashMap::new();
    let mut last_ms = answered_ms;
    for call in rest.after(refresh.seq).api_calls().filter(|call| call.facts.token_state == TokenState::Live) {
        if call.at_ms < answered_ms {
            continue;
        }
        // Calls of two connections need not be recorded in the order of their times.
        if call.at_ms.saturating_sub(last_ms) > FOLLOWS_MS {
            break;
        }
        last_ms = last_ms.max(call.at_ms);
        *same.entry((&call.exchange.method, &call.exchange.path, &call.exchange.request_body)).or_default() += 1;
    }
    expired.max(same.into_values().max().unwrap_or(0))
}
