//! Events of profiles.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::http::request::Request;
use crate::model::random_id;
use crate::state::clock::rfc3339;

use crate::api::body;
use crate::api::data::account_data::{AccountData, Resource};
use crate::api::errors::ApiError;
use crate::api::query::filter::Filter;
use crate::api::query::paging::{PageSize, page};
use crate::api::resources::{event_limits, metrics, profiles};

/// The page sizes of events (P).
const PAGE_SIZE: PageSize = PageSize { default: 200, max: 1_000 };

pub(crate) fn get_events(records: &AccountData, request: &Request, base: &str) -> Result<Value, ApiError> {
    let fields = ["id", "metric_id", "profile_id", "datetime", "timestamp"];
    let filter = Filter::read(request.query.get("filter"), &fields)?;
    let mut found: Vec<&Resource> = records.events.iter().filter(|event| filter.matches(event)).collect();
    // Newest first by default.
    match request.query.get("sort") {
        Some("datetime" | "timestamp") => {}
        None | Some("-datetime" | "-timestamp") => found.reverse(),
        Some(_) => return Err(ApiError::invalid_parameter("Events are sorted by datetime or timestamp.", "sort")),
    }
    page(request, base, &found, PAGE_SIZE)
}

pub(crate) fn get_event(records: &AccountData, base: &str, id: &str) -> Result<Value, ApiError> {
    let found = records.events.iter().find(|event| event.id == id);
    let event = found.ok_or_else(|| ApiError::not_found(format!("An event with id {id} does not exist.")))?;
    Ok(json!({ "data": event.json(base) }))
}

/// Adds an event; its metric and its profile are created if they are new.
pub(crate) fn create_event(records: &mut AccountData, request: &Request, now_ms: i64) -> Result<(), ApiError> {
    let attributes = body::attributes(&mut body::data(request, "event")?)?;
    take(records, attributes, now_ms)
}

/// Adds many events, grouped by profile.
pub(crate) fn bulk_create_events(records: &mut AccountData, request: &Request, now_ms: i64) -> Result<(), ApiError> {
    let mut attributes = body::attributes(&mut body::data(request, "event-bulk-create-job")?)?;
    let pointer = "/data/attributes/events-bulk-create/data";
    let groups = attributes.get_mut("events-bulk-create").and_then(|groups| groups.get_mut("data")).map(Value::take);
    let Some(Value::Array(groups)) = groups else { return Err(ApiError::invalid("'data' must be an array.", pointer)) };
    event_limits::check_bulk(groups.iter().flat_map(events_of))?;
    for mut group in groups {
        match group.get_mut("attributes").map(Value::take) {
            Some(Value::Object(group)) => take_group(records, group, now_ms)?,
            _ => return Err(ApiError::invalid("each item must have 'attributes'.", pointer)),
        }
    }
    Ok(())
}

/// Adds many events of one profile.
pub(crate) fn bulk_create_client_events(
    records: &mut AccountData,
    request: &Request,
    now_ms: i64,
) -> Result<(), ApiError> {
    let attributes = body::attributes(&mut body::data(request, "event-bulk-create")?)?;
    event_limits::check_bulk(events_of_group(&attributes))?;
    take_group(records, attributes, now_ms)
}

/// The events of an item of a bulk request, each with the profile that they share.
fn events_of(group: &Value) -> impl Iterator<Item = (&Value, &Value)> {
    group.get("attributes").and_then(Value::as_object).into_iter().flat_map(events_of_group)
}

fn events_of_group(group: &Map<String, Value>) -> impl Iterator<Item = (&Value, &Value)> {
    let profile = group.get("profile").unwrap_or(&Value::Null);
    let events = group.get("events").and_then(|part| part.get("data")).and_then(Value::as_array);
    events.into_iter().flatten().map(move |event| (profile, event))
}

/// Adds the events of a group, which share a profile.
fn take_group(records: &mut AccountData, mut group: Map<String, Value>, now_ms: i64) -> Result<(), ApiError> {
    let profile = group.remove("profile").unwrap_or_default();
    let Some(Value::Array(events)) = group.get_mut("events").and_then(|part| part.get_mut("data")).map(Value::take)
    else {
        return Err(ApiError::invalid("'events' must be an object with 'data'.", "/data/attributes/events"));
    };
    for event in events {
        let mut attributes = event.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default();
        attributes.insert("profile".to_owned(), profile.clone());
        take(records, attributes, now_ms)?;
    }
    Ok(())
}

/// Adds one event, described entirely by its attributes.
fn take(records: &mut AccountData, mut attributes: Map<String, Value>, now_ms: i64) -> Result<(), ApiError> {
    let Some(Value::Object(properties)) = attributes.remove("properties") else {
        return Err(ApiError::invalid("'properties' must be an object.", "/data/attributes/properties"));
    };
    event_limits::check(&properties)?;
    let metric = part(&mut attributes, "metric")?;
    let metric = metric.pointer("/attributes/name").and_then(Value::as_str).filter(|name| !name.is_empty());
    let metric = metric.ok_or_else(|| {
        ApiError::invalid("A metric name is required.", "/data/attributes/metric/data/attributes/name")
    })?;
    let profile = part(&mut attributes, "profile")?;
    let happened_ms = happened(&attributes, now_ms)?;
    let given = profile.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default();
    let by_id = profile.get("id").and_then(Value::as_str).map(str::to_owned);
    match &by_id {
        Some(id) => drop(profiles::by_id(records, id)?),
        None => profiles::identified(&given)?,
    }
    let metric = metrics::named(records, metric, now_ms);
    let (_, profile) = profiles::import(records, by_id, given, now_ms);
    // Without an id, the second in which it happened is one (P).
    let unique = attributes.get("unique_id").and_then(Value::as_str).map(str::to_owned);
    let unique = unique.unwrap_or_else(|| happened_ms.div_euclid(1_000).to_string());
    let key = (metric.clone(), profile.clone(), unique);
    if records.unique_events.contains(&key) {
        return Ok(());
    }
    records.unique_events.push(key);
    add(records, (metric, profile), properties, &attributes, happened_ms);
    Ok(())
}

fn add(
    records: &mut AccountData,
    (metric, profile): (String, String),
    mut properties: Map<String, Value>,
    attributes: &Map<String, Value>,
    happened_ms: i64,
) {
    for (name, shown) in [("value", "$value"), ("value_currency", "$currency_code"), ("unique_id", "$event_id")] {
        if let Some(value) = attributes.get(name) {
            properties.insert(shown.to_owned(), value.clone());
        }
    }
    let datetime = rfc3339(happened_ms);
    if let Some(known) = records.profiles.iter_mut().find(|known| known.id == profile) {
        known.attributes.insert("last_event_date".to_owned(), datetime.clone().into());
    }
    let shown = json!({
        "timestamp": happened_ms.div_euclid(1_000),
        "event_properties": properties,
        "datetime": datetime,
        "uuid": random_id::uuid(),
    });
    let event = Resource {
        kind: "event",
        id: random_id::alphanumeric(11),
        attributes: shown.as_object().cloned().unwrap_or_default(),
        relationships: vec![("metric", "metric", metric), ("profile", "profile", profile)],
    };
    records.events.push(event);
}

/// The `data` object of the metric or the profile.
fn part(attributes: &mut Map<String, Value>, name: &str) -> Result<Value, ApiError> {
    let data = attributes.remove(name).and_then(|mut part| part.get_mut("data").map(Value::take));
    data.filter(Value::is_object).ok_or_else(|| {
        ApiError::invalid(format!("'{name}' must be an object with 'data'."), &format!("/data/attributes/{name}"))
    })
}

/// When the event happened; now by default.
fn happened(attributes: &Map<String, Value>, now_ms: i64) -> Result<i64, ApiError> {
    let Some(time) = attributes.get("time").filter(|time| !time.is_null()) else { return Ok(now_ms) };
    let parsed = time.as_str().and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
    let parsed = parsed.map(|moment| moment.unix_timestamp().saturating_mul(1_000));
    parsed.ok_or_else(|| ApiError::invalid("'time' must be an ISO 8601 date and time.", "/data/attributes/time"))
}
