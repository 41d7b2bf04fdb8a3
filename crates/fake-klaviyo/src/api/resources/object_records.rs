//! Records of custom objects, which data sources send.

use serde_json::{Map, Value};

use crate::api::data::account_data::AccountData;
use crate::api::data::derived_resources::add;

/// Adds records. They belong to the newest object type, since mappings are not modelled (A).
pub(crate) fn take(records: &mut AccountData, attributes: &Map<String, Value>, now_ms: i64) {
    let parts = attributes.values().filter_map(|value| value.get("data"));
    let items: Vec<Value> = parts
        .flat_map(|part| match part {
            Value::Array(items) => items.clone(),
            one => vec![one.clone()],
        })
        .collect();
    for item in items {
        let record = item.pointer("/attributes/record").cloned().unwrap_or_default();
        let attributes = Map::from_iter([("record_properties".to_owned(), record)]);
        let id = add(records, "object-record", None, attributes, now_ms);
        if let Some(last) = records.all("object-type").last().map(|last| last.id.clone()) {
            records.relationships.add(("object-type", last), ("object-record", id));
        }
    }
}
