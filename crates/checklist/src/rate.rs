//! Rate limits: waiting as long as asked, losing nothing, and nobody else having to wait.

use serde_json::Value;

use super::attempt::attempts;
use super::not_run::{cut_short, without_tokens};
use super::view::{ended_after, failed_after};
use super::{Finding, Verdict};
use flowcheck_evidence::{ApiCall, AppEvent, Entry, Event, Evidence, Exchange, Facts};

/// Milliseconds by which timers ring early, and by which two clocks may differ.
const TOLERANCE_MS: u64 = 100;

/// A call of the API.
#[derive(Debug, Clone, Copy)]
struct Call<'a> {
    seq: u32,
    at_ms: u64,
    exchange: &'a Exchange,
    facts: &'a ApiCall,
}

pub(super) fn respects_retry_after(evidence: &Evidence) -> Verdict {
    let (throttled, wait_s) = match throttled(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let expected = format!("no call to that endpoint for that account within the {wait_s} s of Retry-After");
    let Some(next) = calls(evidence).into_iter().find(|call| call.seq > throttled.seq && throttled.same_place(call))
    else {
        return match delivers(evidence) {
            Verdict::Fail(_) => Verdict::blocked_by("rate.delivers", "the throttled call was not repeated at all"),
            _ => cut_short(evidence, "the throttled call was repeated"),
        };
    };
    let after_ms = elapsed_ms(evidence, &throttled, &next);
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

pub(super) fn delivers(evidence: &Evidence) -> Verdict {
    let (throttled, _) = match throttled(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let expected = "the throttled write to arrive later, once";
    let later: Vec<Call<'_>> = calls(evidence)
        .into_iter()
        .filter(|call| call.seq > throttled.seq && throttled.same_place(call) && call.succeeded())
        .collect();
    let arrived: Vec<&Call<'_>> = later.iter().filter(|call| throttled.same_write(call)).collect();
    if let [first, rest @ ..] = arrived.as_slice()
        && let Some(again) = rest.iter().find(|again| !first.is_known_repeat(again))
    {
        return Verdict::Fail(
            Finding::app(expected, format!("{} {} arrived {} times", first.exchange.method, first.exchange.path, arrived.len()))
                .likely("the call is queued again although an earlier copy is still waiting, or without the id that makes it one")
                .at(again.seq),
        );
    }
    let arrived = arrived.first().copied();
    // The app must have had work to do once more, or a second copy would not have been seen.
    let settled = arrived.map_or(throttled.seq, |call| call.seq);
    let worked_after = triggers_after(evidence, settled).filter(|seq| ended_after(&evidence.timeline, *seq).is_some());
    match (arrived, worked_after.count()) {
        // The run that it arrived in, and another.
        (Some(call), 2..) => {
            Verdict::Pass(format!("{} {} arrived later, once", call.exchange.method, call.exchange.path))
        }
        (None, 3..) if later.iter().any(|call| throttled.may_be_about_the_same(call)) => Verdict::Review(
            Finding::app(
                expected,
                "calls to the same endpoint arrived later, but with other contents; look whether one is it",
            )
            .at(throttled.seq),
        ),
        // The run that met the limit, one while it lasts, one after it.
        (None, 3..) => Verdict::Fail(
            Finding::app(
                expected,
                format!("{} {} never came again", throttled.exchange.method, throttled.exchange.path),
            )
            .likely("a 429 is taken for an answer: what was to be sent is forgotten, or marked as sent")
            .at(throttled.seq),
        ),
        _ => cut_short(evidence, "the app was made to call Klaviyo once more after Retry-After"),
    }
}

pub(super) fn isolated(evidence: &Evidence) -> Verdict {
    let (throttled, wait_s) = match throttled(evidence) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let expected = "calls for another account going on while one account is throttled";
    let of_others: Vec<Call<'_>> = calls(evidence)
        .into_iter()
        .filter(|call| call.facts.account.is_some() && call.facts.account != throttled.facts.account)
        .collect();
    let meanwhile = of_others.iter().find(|call| {
        call.seq > throttled.seq
            && call.succeeded()
            && elapsed_ms(evidence, &throttled, call) <= wait_s.saturating_mul(1000).saturating_add(TOLERANCE_MS)
    });
    if let Some(call) = meanwhile {
        return Verdict::Pass(format!("{} {} for another account meanwhile", call.exchange.method, call.exchange.path));
    }
    let worked = triggers_after(evidence, throttled.seq).filter(|seq| ended_after(&evidence.timeline, *seq).is_some());
    let over = evidence.timeline.last().is_some_and(|last| {
        evidence.setup.app.clock_follows || last.at_ms.saturating_sub(throttled.at_ms) >= wait_s.saturating_mul(1000)
    });
    if worked.count() < 2 || !over {
        return cut_short(evidence, "the app was made to call Klaviyo while one account was throttled");
    }
    let installed = evidence.timeline.iter().any(|entry| match &entry.event {
        Event::Exchange(exchange) => matches!(&exchange.facts, Facts::Decision(call)
            if Some(&call.account) != throttled.facts.account.as_ref() && call.code.is_some()),
        _ => false,
    });
    if !installed {
        let why = "the app is not installed for a second account";
        let tried = attempts(evidence).len() > 1;
        return if tried { Verdict::blocked_by("install.completes", why) } else { Verdict::not_run(why) };
    }
    Verdict::Fail(
        Finding::app(expected, "no call for the other account until the throttled one could go on")
            .likely("one queue, or one pause, for all accounts: a 429 of one stops the whole job")
            .at(throttled.seq),
    )
}

/// The first call that was refused for its rate, and the seconds it was told to wait.
fn throttled(evidence: &Evidence) -> Result<(Call<'_>, u64), Verdict> {
    if let Some(blocked) = without_tokens(evidence) {
        return Err(blocked);
    }
    let told = |call: &Call<'_>| {
        let headers = &call.exchange.response_headers;
        let (_, wait) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))?;
        wait.parse().ok()
    };
    let mut found =
        calls(evidence).into_iter().filter(|call| call.exchange.status == 429 && call.facts.account.is_some());
    found.find_map(|call| told(&call).map(|wait_s| (call, wait_s))).ok_or_else(|| {
        let worked = triggers_after(evidence, 0).next();
        match (worked, failed_after(&evidence.timeline, 0)) {
            (_, Some(failed)) => Verdict::not_run(failed.it),
            (Some(seq), None) if ended_after(&evidence.timeline, seq).is_some() => {
                Verdict::not_run("the app wrote nothing to Klaviyo that could be throttled; let `trigger` make it")
            }
            _ => cut_short(evidence, "a call was throttled"),
        }
    })
}

impl Call<'_> {
    /// The same endpoint for the same account.
    fn same_place(&self, other: &Call<'_>) -> bool {
        self.facts.operation == other.facts.operation
            && self.facts.account == other.facts.account
            && self.exchange.method == other.exchange.method
    }

    /// The same contents, but for the time and for an id that makes a repeat harmless.
    fn same_write(&self, other: &Call<'_>) -> bool {
        self.exchange.path == other.exchange.path && contents(self.exchange) == contents(other.exchange)
    }

    /// Whether both name the same person or thing, or the one names nothing.
    fn may_be_about_the_same(&self, other: &Call<'_>) -> bool {
        let (named, others) = (named(self.exchange), named(other.exchange));
        named.is_empty() || named.iter().any(|name| others.contains(name))
    }

    fn succeeded(&self) -> bool {
        (200..300).contains(&self.exchange.status)
    }

    /// Whether Klaviyo takes the two for one: they have one `unique_id`, or the operation changes what is there already.
    fn is_known_repeat(&self, other: &Call<'_>) -> bool {
        let operation = self.facts.operation.as_deref().unwrap_or_default();
        let creates = operation.contains("create") && !operation.contains("or_update");
        let id = |call: &Call<'_>| {
            let body: Value = serde_json::from_str(call.exchange.request_body.as_deref()?).ok()?;
            body.pointer("/data/attributes/unique_id").cloned()
        };
        !creates || id(self).is_some() && id(self) == id(other)
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

fn calls(evidence: &Evidence) -> Vec<Call<'_>> {
    evidence.timeline.iter().filter_map(call).collect()
}

fn call(entry: &Entry) -> Option<Call<'_>> {
    let Event::Exchange(exchange) = &entry.event else { return None };
    let Facts::Api(facts) = &exchange.facts else { return None };
    Some(Call { seq: entry.seq, at_ms: entry.at_ms, exchange, facts })
}

/// How long after a call another came: by the clock that the app goes by.
fn elapsed_ms(evidence: &Evidence, one: &Call<'_>, other: &Call<'_>) -> u64 {
    let real = other.at_ms.saturating_sub(one.at_ms);
    if !evidence.setup.app.clock_follows {
        return real;
    }
    // Klaviyo's time is kept in whole seconds, of which the last may not have been whole.
    let moved = other.exchange.klaviyo_time_s.saturating_sub(one.exchange.klaviyo_time_s);
    real.max(u64::try_from(moved).unwrap_or(0).saturating_mul(1000))
}

/// Where the app was made to work, after a place on the timeline.
fn triggers_after(evidence: &Evidence, seq: u32) -> impl Iterator<Item = u32> {
    let triggered = |entry: &&Entry| matches!(&entry.event, Event::App(AppEvent::Triggered(_)));
    evidence.timeline.iter().filter(move |entry| entry.seq > seq).filter(triggered).map(|entry| entry.seq)
}

fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}
