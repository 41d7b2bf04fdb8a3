//! What an event may hold, at most.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::api::errors::ApiError;

/// Properties of an event (P 2026-10; older pages of Klaviyo's say 300).
const PROPERTIES: usize = 400;
/// Levels of objects and lists in it (D).
const LEVELS: usize = 10;
/// Bytes of one string (P, D). What a request may hold as a whole is checked as it is read.
const STRING_BYTES: usize = 100 * 1_000;
/// Events of one request (P).
const EVENTS: usize = 1_000;

/// Checks the properties of an event.
pub(crate) fn check(properties: &Map<String, Value>) -> Result<(), ApiError> {
    if properties.len() > PROPERTIES {
        return Err(refused(format!("an event has at most {PROPERTIES} properties.")));
    }
    properties.values().try_for_each(|value| check_value(value, 1))
}

fn refused(why: String) -> ApiError {
    ApiError::invalid(why, "/data/attributes/properties")
}

/// A value at this level, the properties being the first.
fn check_value(value: &Value, level: usize) -> Result<(), ApiError> {
    match value {
        Value::String(text) if text.len() > STRING_BYTES => {
            Err(refused(format!("a string has at most {STRING_BYTES} bytes.")))
        }
        Value::Object(_) | Value::Array(_) if level >= LEVELS => {
            Err(refused(format!("properties are nested at most {LEVELS} levels deep.")))
        }
        Value::Object(fields) => fields.values().try_for_each(|field| check_value(field, level + 1)),
        Value::Array(items) => items.iter().try_for_each(|item| check_value(item, level + 1)),
        _ => Ok(()),
    }
}

/// Checks the events of a bulk request, each with the profile of its group, before any of them is kept: what is wrong with one fails the
/// request as a whole (A), as does a `unique_id` that is there twice for the same profile and metric (P).
pub(crate) fn check_bulk<'a>(events: impl Iterator<Item = (&'a Value, &'a Value)>) -> Result<(), ApiError> {
    let pointer = "/data/attributes/events-bulk-create/data";
    let mut seen = HashSet::new();
    for (number, (profile, event)) in events.enumerate() {
        if number >= EVENTS {
            return Err(ApiError::invalid(format!("a request has at most {EVENTS} events."), pointer));
        }
        if let Some(properties) = event.pointer("/attributes/properties").and_then(Value::as_object) {
            check(properties)?;
        }
        let Some(unique) = event.pointer("/attributes/unique_id").and_then(Value::as_str) else { continue };
        let metric = event.pointer("/attributes/metric/data/attributes/name").and_then(Value::as_str);
        if !seen.insert((profile.to_string(), metric, unique)) {
            return Err(ApiError::invalid(format!("unique_id {unique:?} is there more than once."), pointer));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn nested(levels: usize) -> Value {
        (1..levels).fold(json!("leaf"), |inner, _| json!({ "in": inner }))
    }

    #[test]
    fn an_event_holds_so_much_and_no_more() {
        let properties = |number: usize| (0..number).map(|name| (name.to_string(), json!(1))).collect::<Map<_, _>>();
        let one = |value: Value| Map::from_iter([("one".to_owned(), value)]);
        let long = |bytes: usize| json!(["x".repeat(bytes)]);
        for (fine, properties) in [
            (true, properties(400)),
            (false, properties(401)),
            (true, one(nested(10))),
            (false, one(nested(11))),
            (false, one(json!([[[[[[[[[[1]]]]]]]]]]))),
            (true, one(long(100_000))),
            (false, one(long(100_001))),
            (true, Map::new()),
        ] {
            assert_eq!(check(&properties).is_ok(), fine, "{:?}", properties.keys().next());
        }
    }

    #[test]
    fn a_unique_id_is_repeated_only_for_the_same_profile_and_metric() {
        let event = |metric: &str, unique: &str| json!({"attributes": {"unique_id": unique, "metric": {"data": {"attributes": {"name": metric}}}}});
        let (ada, ben) = (json!({"email": "ada"}), json!({"email": "ben"}));
        let (bought, again, other, none) = (event("Bought", "1"), event("Bought", "1"), event("Sold", "1"), json!({}));
        let fine = |events: &[(&Value, &Value)]| check_bulk(events.iter().copied()).is_ok();
        assert!(fine(&[(&ada, &bought), (&ben, &again), (&ada, &other), (&ada, &none), (&ada, &none)]));
        assert!(!fine(&[(&ada, &bought), (&ben, &again), (&ada, &again)]));
        let long = json!({"attributes": {"properties": {"one": "x".repeat(100_001)}}});
        assert!(!fine(&[(&ada, &bought), (&ada, &long)]));
        assert!(check_bulk((0..1_001).map(|_| (&ada, &none))).is_err());
    }
}
