//! The call that was throttled, and the calls after it.

use flowcheck_evidence::{AppEvent, Entry, Event, Exchange, FaultEffect, FaultTarget, KlaviyoEvent};
use serde_json::Value;

use super::event_identity::is_same_event;
use crate::flow::{ApiRequest, Flow};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::verdict::Verdict;

/// Milliseconds by which timers ring early, and by which two clocks may differ.
pub(super) const TOLERANCE_MS: u64 = 100;

/// The call that met the limit which the scenario armed, and the seconds it was told to wait. Limits that the app met by itself,
/// before it or beside it, are no part of what is judged.
pub(super) fn throttled<'a>(flow: &Flow<'a>) -> Result<(ApiRequest<'a>, u64), Verdict> {
    if let Some(blocked) = without_tokens(flow) {
        return Err(blocked);
    }
    let found = flow.events.entries().iter().find_map(|entry| met(flow, entry));
    found.ok_or_else(|| {
        let worked = triggers_after(flow, 0).next();
        match (worked, flow.events.failed_after(0)) {
            (_, Some(failed)) => Verdict::not_run(failed.it),
            (Some(seq), None) if flow.events.ended_after(seq).is_some() => Verdict::not_run(
                "the app made no call to Klaviyo for the account that was to be throttled; let `trigger` make it",
            ),
            _ => cut_short(flow, "a call was throttled"),
        }
    })
}

/// The call that met the limit which was applied at a place on the timeline. The fault is recorded first, its exchange once it is
/// answered, and others may be answered in between.
fn met<'a>(flow: &Flow<'a>, entry: &Entry) -> Option<(ApiRequest<'a>, u64)> {
    let Event::Klaviyo(KlaviyoEvent::FaultApplied(fault)) = &entry.event else { return None };
    let FaultEffect::Throttled { retry_after_s } = fault.effect else { return None };
    let wait_s = u64::from(retry_after_s);
    let is_it = |call: &ApiRequest<'_>| {
        call.exchange.status == 429
            && retry_after(call) == Some(wait_s)
            && call.facts.account.is_some()
            && (fault.account.is_none() || call.facts.account == fault.account)
            && (fault.on != FaultTarget::Write || !call.is_read())
    };
    flow.events.after(entry.seq).api_calls().find(is_it).map(|call| (call, wait_s))
}

/// The seconds that a call was told to wait.
fn retry_after(call: &ApiRequest<'_>) -> Option<u64> {
    let headers = &call.exchange.response_headers;
    let (_, wait) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))?;
    wait.parse().ok()
}

impl ApiRequest<'_> {
    /// Whether it asks for data and changes none.
    pub(super) fn is_read(&self) -> bool {
        self.exchange.method == "GET"
    }

    /// The same endpoint for the same account.
    pub(crate) fn same_place(&self, other: &ApiRequest<'_>) -> bool {
        self.facts.operation == other.facts.operation
            && self.facts.account == other.facts.account
            && self.exchange.method == other.exchange.method
    }

    /// The same contents, but for the time and for an id that makes a repeat harmless; or an event that Klaviyo takes for the same.
    pub(crate) fn same_write(&self, other: &ApiRequest<'_>) -> bool {
        let same_contents = || contents(self.exchange) == contents(other.exchange);
        self.exchange.path == other.exchange.path && (same_contents() || is_same_event(self.exchange, other.exchange))
    }

    /// Whether both name the same person or thing, or the one names nothing.
    pub(crate) fn may_be_about_the_same(&self, other: &ApiRequest<'_>) -> bool {
        let (named, others) = (named(self.exchange), named(other.exchange));
        named.is_empty() || named.iter().any(|name| others.contains(name))
    }

    /// Whether Klaviyo takes the two for one: they are one event to it, or the operation changes what is there already.
    pub(super) fn is_known_repeat(&self, other: &ApiRequest<'_>) -> bool {
        let operation = self.facts.operation.as_deref().unwrap_or_default();
        let creates = operation.contains("create") && !operation.contains("or_update");
        !creates || is_same_event(self.exchange, other.exchange)
    }
}

/// What a call says, without what may differ when it is said again.
fn contents(exchange: &Exchange) -> Option<Value> {
    let text = exchange.request_body.as_deref()?;
    let Ok(mut body) = serde_json::from_str::<Value>(text) else { return Some(text.into()) };
    if let Some(attributes) = body.pointer_mut("/data/attributes").and_then(Value::as_object_mut) {
        for volatile in ["time", "unique_id"] {
            attributes.remove(volatile);
        }
    }
    Some(body)
}

/// Whom and what a call names.
fn named(exchange: &Exchange) -> Vec<String> {
    let body = exchange.request_body.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let mut names = Vec::new();
    let mut rest: Vec<&Value> = body.iter().collect();
    while let Some(value) = rest.pop() {
        match value {
            Value::Array(items) => rest.extend(items),
            Value::Object(members) => {
                for (key, member) in members {
                    let names_one = ["id", "email", "phone_number", "external_id"].contains(&key.as_str());
                    names.extend(member.as_str().filter(|_| names_one).map(str::to_owned));
                    rest.push(member);
                }
            }
            _ => {}
        }
    }
    names
}

/// How long after a call another came: by the clock that the app goes by.
pub(super) fn elapsed_ms(flow: &Flow<'_>, one: &ApiRequest<'_>, other: &ApiRequest<'_>) -> u64 {
    let real = other.at_ms.saturating_sub(one.at_ms);
    if !flow.setup.app.clock_follows {
        return real;
    }
    // Klaviyo's time is kept in whole seconds, of which the last may not have been whole.
    let moved = other.exchange.klaviyo_time_s.saturating_sub(one.exchange.klaviyo_time_s);
    real.max(u64::try_from(moved).unwrap_or(0).saturating_mul(1000))
}

/// Where the app was made to work, after a place on the timeline.
pub(super) fn triggers_after<'a>(flow: &Flow<'a>, seq: u32) -> impl Iterator<Item = u32> + use<'a> {
    let triggered = |entry: &&Entry| matches!(&entry.event, Event::App(AppEvent::Triggered(_)));
    flow.events.after(seq).entries().iter().filter(triggered).map(|entry| entry.seq)
}
