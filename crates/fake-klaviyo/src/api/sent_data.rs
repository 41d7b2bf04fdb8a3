//! The names and types of the lists, profiles and events in a request body.
//!
//! Read from resource objects wherever they stand in the document, so that single and bulk requests are read alike.

use flowcheck_evidence::{SentData, SentMetric, SentProperty, ValueType};
use serde_json::{Map, Value};
use smol_str::SmolStr;

/// Characters of a name that are kept.
const NAME_LENGTH: usize = 120;

/// What a body sends; nothing where it is no JSON.
pub(crate) fn sent_data(body: &[u8]) -> SentData {
    let mut sent = SentData::default();
    if let Ok(document) = serde_json::from_slice::<Value>(body) {
        read(&document, false, &mut sent);
    }
    sent
}

/// Reads a part of the document; within an event, a profile is whose event it is.
fn read(part: &Value, of_event: bool, sent: &mut SentData) {
    match part {
        Value::Array(items) => items.iter().for_each(|item| read(item, of_event, sent)),
        Value::Object(members) => read_object(members, of_event, sent),
        _ => {}
    }
}

fn read_object(members: &Map<String, Value>, of_event: bool, sent: &mut SentData) {
    let kind = members.get("type").and_then(Value::as_str);
    let attributes = members.get("attributes").and_then(Value::as_object);
    match (kind, attributes) {
        (Some("list"), Some(attributes)) => {
            if let Some(name) = attributes.get("name").and_then(Value::as_str) {
                add_name(&mut sent.lists, name);
            }
        }
        (Some("profile"), _) => {
            sent.profiles += usize::from(!of_event);
            let properties = attributes.and_then(|attributes| attributes.get("properties")).and_then(Value::as_object);
            for name in properties.into_iter().flat_map(Map::keys) {
                add_name(&mut sent.profile_properties, name);
            }
        }
        (Some("event"), Some(attributes)) => read_event(attributes, sent),
        _ => {}
    }
    let of_event = of_event || matches!(kind, Some("event" | "event-bulk-create"));
    // What is below `properties` is the app's own, whatever it looks like.
    members.iter().filter(|(name, _)| *name != "properties").for_each(|(_, member)| read(member, of_event, sent));
}

fn read_event(attributes: &Map<String, Value>, sent: &mut SentData) {
    let name = attributes.get("metric").and_then(|metric| metric.pointer("/data/attributes/name"));
    let Some(name) = name.and_then(Value::as_str).map(shortened) else { return };
    let known = sent.metrics.iter().position(|metric| metric.name == name);
    let at = known.unwrap_or(sent.metrics.len());
    if known.is_none() {
        if sent.metrics.len() == SentData::MOST_NAMES {
            return;
        }
        sent.metrics.push(SentMetric { name, ..SentMetric::default() });
    }
    let Some(metric) = sent.metrics.get_mut(at) else { return };
    metric.events += 1;
    for (name, value) in attributes.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let name = shortened(name);
        let types = value_type(value);
        if let Some(property) = metric.properties.iter_mut().find(|property| property.name == name) {
            let new = types.filter(|value_type| !property.types.contains(value_type));
            property.types.extend(new);
        } else if metric.properties.len() < SentData::MOST_NAMES {
            metric.properties.push(SentProperty { name, types: types.into_iter().collect() });
        }
    }
}

/// The type of a value; none where there is no value. An empty text is what some apps send for none.
fn value_type(value: &Value) -> Option<ValueType> {
    match value {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(_) => Some(ValueType::Text),
        Value::Number(_) => Some(ValueType::Number),
        Value::Bool(_) => Some(ValueType::Boolean),
        Value::Array(_) => Some(ValueType::List),
        Value::Object(_) => Some(ValueType::Object),
    }
}

fn add_name(names: &mut Vec<SmolStr>, name: &str) {
    let name = shortened(name);
    if !name.is_empty() && names.len() < SentData::MOST_NAMES && !names.contains(&name) {
        names.push(name);
    }
}

fn shortened(name: &str) -> SmolStr {
    name.char_indices().nth(NAME_LENGTH).map_or(name, |(end, _)| &name[..end]).into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(body: &Value) -> SentData {
        sent_data(body.to_string().as_bytes())
    }

    fn event(metric: &str, properties: &Value) -> Value {
        json!({"type": "event", "attributes": {
            "properties": properties,
            "metric": {"data": {"type": "metric", "attributes": {"name": metric}}},
            "profile": {"data": {"type": "profile", "attributes": {"email": "a@example.com", "properties": {"Pebble tier": 1}}}},
        }})
    }

    #[test]
    fn an_event_has_a_metric_and_the_types_of_its_properties() {
        let properties =
            json!({"n": 1.5, "t": "x", "b": false, "l": [], "o": {"type": "profile"}, "none": null, "blank": " "});
        let sent = sent(&json!({"data": event("Order", &properties)}));
        assert_eq!((sent.events(), sent.profiles), (1, 0));
        assert_eq!(sent.profile_properties, ["Pebble tier"]);
        let types: Vec<(&str, &[ValueType])> =
            sent.metrics[0].properties.iter().map(|property| (property.name.as_str(), &*property.types)).collect();
        for expected in [
            ("n", &[ValueType::Number][..]),
            ("t", &[ValueType::Text]),
            ("b", &[ValueType::Boolean]),
            ("l", &[ValueType::List]),
            ("o", &[ValueType::Object]),
            ("none", &[]),
            ("blank", &[]),
        ] {
            assert!(types.contains(&expected), "{expected:?} in {types:?}");
        }
    }

    #[test]
    fn bulk_events_are_counted_and_differing_types_are_all_kept() {
        let group = json!({"type": "event-bulk-create", "attributes": {
            "profile": {"data": {"type": "profile", "attributes": {"email": "a@example.com"}}},
            "events": {"data": [
                {"type": "event", "attributes": {"properties": {"rating": 5}, "metric": {"data": {"type": "metric", "attributes": {"name": "R"}}}}},
                {"type": "event", "attributes": {"properties": {"rating": "4"}, "metric": {"data": {"type": "metric", "attributes": {"name": "R"}}}}},
            ]},
        }});
        let body =
            json!({"data": {"type": "event-bulk-create-job", "attributes": {"events-bulk-create": {"data": [group]}}}});
        let sent = sent(&body);
        assert_eq!((sent.events(), sent.profiles, sent.metrics.len()), (2, 0, 1));
        assert_eq!(sent.metrics[0].properties[0].types, [ValueType::Number, ValueType::Text]);
    }

    #[test]
    fn profiles_are_counted_also_where_only_named_and_lists_only_where_they_get_a_name() {
        let one = json!({"type": "profile", "attributes": {"email": "a@example.com", "properties": {"tier": 1}}});
        let import = json!({"data": {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": [one, one]}},
            "relationships": {"lists": {"data": [{"type": "list", "id": "X"}]}}}});
        assert_eq!((sent(&import).profiles, sent(&import).lists.len()), (2, 0));
        assert_eq!(sent(&import).profile_properties, ["tier"]);
        assert_eq!(sent(&json!({"data": [{"type": "profile", "id": "1"}]})).profiles, 1);
        assert_eq!(sent(&json!({"data": {"type": "list", "attributes": {"name": "VIP"}}})).lists, ["VIP"]);
    }

    #[test]
    fn names_are_bounded_and_what_is_no_json_sends_nothing() {
        assert!(sent_data(b"grant_type=x").is_empty());
        assert!(sent(&json!([1, "x", null])).is_empty());
        let properties: Map<String, Value> = (0..500).map(|number| (format!("p{number}"), json!(1))).collect();
        let sent = sent(&json!({"data": event(&"é".repeat(500), &properties.into())}));
        assert_eq!(sent.metrics[0].name.chars().count(), NAME_LENGTH);
        assert_eq!(sent.metrics[0].properties.len(), SentData::MOST_NAMES);
    }
}
