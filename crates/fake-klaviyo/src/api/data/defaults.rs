//! Default values of required attributes: always the same, and of the right JSON type (A).

use serde_json::{Map, Value, json};

use crate::state::clock::rfc3339;

use crate::api::spec::resource_types::{RequiredAttribute, required_attributes};

/// Adds the required attributes that are missing.
pub(crate) fn fill_defaults(kind: &str, attributes: &mut Map<String, Value>, now_ms: i64) {
    let mut whole = Value::Object(std::mem::take(attributes));
    for required in required_attributes(kind) {
        let missing = MissingAttribute { kind, required, now_ms };
        let steps: Vec<&str> = required.path.split('.').collect();
        put(&mut whole, &steps, &missing);
    }
    if let Value::Object(filled) = whole {
        *attributes = filled;
    }
}

/// What a default value depends on.
struct MissingAttribute<'a> {
    kind: &'a str,
    required: &'a RequiredAttribute,
    now_ms: i64,
}

/// Descends to the end of the path, and adds a value where there is none.
fn put(at: &mut Value, steps: &[&str], missing: &MissingAttribute<'_>) {
    let (Value::Object(object), Some((step, rest))) = (at, steps.split_first()) else { return };
    let (name, in_array) = step.strip_suffix("[]").map_or((*step, false), |name| (name, true));
    if in_array {
        let Some(Value::Array(items)) = object.get_mut(name) else { return };
        if rest.is_empty() {
            // An array of plain values may be empty; one of objects gets one, so that clients see their shape.
            if items.is_empty() && missing.required.json_type == "object" {
                items.push(json!({}));
            }
            return;
        }
        for item in items {
            put(item, rest, missing);
        }
        return;
    }
    if rest.is_empty() {
        if object
            .get(name)
            .is_none_or(|known| known.is_null() || (known.is_object() != (missing.required.json_type == "object")))
        {
            object.insert(name.to_owned(), value(name, missing));
        }
    } else if let Some(inner) = object.get_mut(name) {
        put(inner, rest, missing);
    }
}

fn value(name: &str, missing: &MissingAttribute<'_>) -> Value {
    let default = missing.required.default;
    match missing.required.json_type {
        "boolean" => (default == "true").into(),
        "integer" => default.parse::<i64>().unwrap_or(0).into(),
        "number" => default.parse::<f64>().unwrap_or(0.0).into(),
        "object" => json!({}),
        "array" => json!([]),
        "date-time" => rfc3339(missing.now_ms).into(),
        _ if !default.is_empty() => default.into(),
        _ if matches!(name, "name" | "title" | "label") => format!("Some {}", missing.kind.replace('-', " ")).into(),
        _ => name.replace('_', "-").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_stays_and_what_is_missing_comes() {
        let given = json!({"name": "Revenue", "definition": {"metric_groups": [{"metric_id": "AbCd12"}, {}]}});
        let mut attributes = given.as_object().cloned().unwrap_or_default();
        fill_defaults("custom-metric", &mut attributes, 0);
        assert_eq!(attributes["name"], "Revenue");
        assert_eq!(attributes["created"], "1970-01-01T00:00:00Z");
        assert_eq!(attributes["definition"]["aggregation_method"], "count");
        assert_eq!(attributes["definition"]["metric_groups"][0]["metric_id"], "AbCd12");
        assert!(attributes["definition"]["metric_groups"][1]["metric_id"].is_string());
        let mut attributes = Map::new();
        fill_defaults("campaign", &mut attributes, 0);
        assert_eq!((&attributes["status"], &attributes["audiences"]["included"]), (&json!("Draft"), &json!([])));
    }
}
