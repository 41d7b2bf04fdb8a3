//! By what Klaviyo knows an event: its metric, its profile, and its `unique_id` or the second in which it happened.

use flowcheck_evidence::Exchange;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;

/// Which event it is, among those of an account.
#[derive(Debug, PartialEq)]
struct EventIdentity {
    metric: String,
    profile: Vec<String>,
    which: Which,
}

/// Which event of a metric and a profile.
#[derive(Debug, PartialEq, Eq)]
enum Which {
    UniqueId(String),
    /// Seconds since the epoch.
    Second(i64),
}

/// Whether two calls each send one event, and Klaviyo takes the two for the same.
pub(super) fn is_same_event(one: &Exchange, other: &Exchange) -> bool {
    identity(one).is_some_and(|of_one| identity(other).is_some_and(|of_other| of_one == of_other))
}

/// The event that a call sends; none where it sends another thing, or several.
fn identity(exchange: &Exchange) -> Option<EventIdentity> {
    let body: Value = serde_json::from_str(exchange.request_body.as_deref()?).ok()?;
    let attributes = body.pointer("/data/attributes")?;
    let metric = attributes.pointer("/metric/data/attributes/name")?.as_str()?.to_owned();
    let profile = attributes.pointer("/profile/data")?;
    let names = ["/id", "/attributes/id", "/attributes/email", "/attributes/phone_number", "/attributes/external_id"];
    let profile: Vec<String> = names
        .iter()
        .map(|name| profile.pointer(name).and_then(Value::as_str).unwrap_or_default().to_lowercase())
        .collect();
    let given = |name: &str| attributes.get(name).filter(|value| !value.is_null());
    let which = match (given("unique_id"), given("time")) {
        (Some(id), _) => Which::UniqueId(id.as_str().map_or_else(|| id.to_string(), str::to_owned)),
        (None, Some(time)) => Which::Second(second(time.as_str()?)?),
        // Klaviyo takes the time at which it came.
        (None, None) => Which::Second(exchange.klaviyo_time_s),
    };
    profile.iter().any(|name| !name.is_empty()).then_some(EventIdentity { metric, profile, which })
}

/// Whether two calls each send one event, and the app itself says that they happened at different seconds: two events, however alike.
pub(super) fn are_of_different_seconds(one: &Exchange, other: &Exchange) -> bool {
    let given = |exchange: &Exchange| {
        let body: Value = serde_json::from_str(exchange.request_body.as_deref()?).ok()?;
        body.pointer("/data/attributes/metric")?;
        second(body.pointer("/data/attributes/time")?.as_str()?)
    };
    given(one).is_some_and(|of_one| given(other).is_some_and(|of_other| of_one != of_other))
}

/// Whether two calls each send one event, and the app itself gives them ids of their own.
pub(super) fn are_of_different_ids(one: &Exchange, other: &Exchange) -> bool {
    let given = |exchange: &Exchange| match identity(exchange)?.which {
        Which::UniqueId(id) => Some(id),
        Which::Second(_) => None,
    };
    given(one).is_some_and(|of_one| given(other).is_some_and(|of_other| of_one != of_other))
}

fn second(time: &str) -> Option<i64> {
    OffsetDateTime::parse(time, &Iso8601::DEFAULT).ok().map(OffsetDateTime::unix_timestamp)
}
