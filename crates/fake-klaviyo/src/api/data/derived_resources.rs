//! Resources that nobody requests, which Klaviyo creates along with others (A).

use serde_json::{Map, Value};

use crate::model::random_id;
use crate::state::clock::rfc3339;

use crate::api::data::account_data::{AccountData, Resource};
use crate::api::data::defaults::fill_defaults;
use crate::api::data::relationship_store::ResourceRef;

/// Types that are created along with others, unless there is one already.
const DERIVED: &[(&str, &str)] = &[
    ("campaign", "campaign-message"),
    ("flow", "flow-action"),
    ("flow-action", "flow-message"),
    ("flow-message", "template"),
    ("form", "form-version"),
    ("metric", "metric-property"),
    ("object-type", "object-schema"),
    ("object-schema", "source-mapping"),
    ("profile", "conversation"),
];

/// Types that are deleted with their owner.
pub(crate) const OWNED: &[(&str, &str)] = &[
    ("campaign", "campaign-message"),
    ("flow", "flow-action"),
    ("flow-action", "flow-message"),
    ("form", "form-version"),
    ("object-type", "object-schema"),
    ("object-schema", "source-mapping"),
    ("tag-group", "tag"),
    ("coupon", "coupon-code"),
    ("catalog-item", "catalog-variant"),
    ("profile", "conversation"),
];

/// Types with timestamps that the description does not require.
const TIMESTAMPED: &[(&str, [&str; 2])] = &[
    ("campaign-message", ["created_at", "updated_at"]),
    ("catalog-category", ["created", "updated"]),
    ("catalog-item", ["created", "updated"]),
    ("catalog-variant", ["created", "updated"]),
    ("flow", ["created", "updated"]),
    ("flow-action", ["created", "updated"]),
    ("flow-message", ["created", "updated"]),
    ("list", ["created", "updated"]),
    ("metric", ["created", "updated"]),
    ("segment", ["created", "updated"]),
    ("template", ["created", "updated"]),
    ("webhook", ["created_at", "updated_at"]),
];

/// Adds a resource with all required attributes, and returns its id.
pub(crate) fn add(
    records: &mut AccountData,
    kind: &'static str,
    id: Option<String>,
    mut attributes: Map<String, Value>,
    now_ms: i64,
) -> String {
    let id = id.unwrap_or_else(|| id_for(kind, &attributes, now_ms));
    fill_defaults(kind, &mut attributes, now_ms);
    for name in TIMESTAMPED.iter().filter(|(known, _)| *known == kind).flat_map(|(_, names)| names) {
        attributes.entry(*name).or_insert_with(|| rfc3339(now_ms).into());
    }
    records.all_mut(kind).push(Resource { kind, id: id.clone(), attributes, relationships: Vec::new() });
    id
}

/// Adds what Klaviyo creates along with this resource, recursively.
pub(crate) fn add_derived(records: &mut AccountData, resource: &ResourceRef, now_ms: i64) {
    for (_, child) in DERIVED.iter().filter(|(owner, _)| *owner == resource.0) {
        if records.relationships.related_to(resource, child).is_empty() {
            let id = add(records, child, None, Map::new(), now_ms);
            records.relationships.add(resource.clone(), (child, id.clone()));
            add_derived(records, &(*child, id), now_ms);
        }
    }
    if resource.0 == "tag" && records.relationships.related_to(resource, "tag-group").is_empty() {
        let default = |group: &&Resource| group.attributes.get("default") == Some(&Value::Bool(true));
        if let Some(group) = records.all("tag-group").iter().find(default).map(|group| group.id.clone()) {
            records.relationships.add(resource.clone(), ("tag-group", group));
        }
    }
}

/// A new id in the shape of this type's ids.
fn id_for(kind: &str, attributes: &Map<String, Value>, now_ms: i64) -> String {
    let text = |name: &str| attributes.get(name).and_then(Value::as_str);
    match kind {
        "profile" | "campaign" | "campaign-message" | "webhook" | "conversation" => random_id::ulid(now_ms),
        "tag" | "tag-group" | "review" => random_id::uuid(),
        "coupon" => text("external_id").map_or_else(random_id::short_id, str::to_owned),
        "coupon-code" => format!("{}-{}", text("unique_code").unwrap_or("CODE"), random_id::short_id()),
        _ if kind.starts_with("catalog-") && !kind.ends_with("-job") => {
            format!("$custom:::$default:::{}", text("external_id").map_or_else(random_id::short_id, str::to_owned))
        }
        _ => random_id::short_id(),
    }
}
