//! Metrics: the kinds of events that an account has seen.

use serde_json::{Value, json};

use crate::call::Call;
use crate::clock::rfc3339;
use crate::opaque;

use super::errors::ApiError;
use super::filter::Filter;
use super::growth;
use super::paging::{PageSize, page};
use super::records::{Resource, Shelf};

/// How large pages of metrics are.
const PAGE_SIZE: PageSize = PageSize { usual: 200, most: 200 };

pub(super) fn get_metrics(shelf: &Shelf, call: &Call, base: &str) -> Result<Value, ApiError> {
    let filter = Filter::read(call.query.get("filter"), &["integration.name", "integration.category", "name", "id"])?;
    let found: Vec<&Resource> = shelf.metrics.iter().filter(|metric| filter.admits(metric)).collect();
    page(call, base, &found, PAGE_SIZE)
}

pub(super) fn get_metric(shelf: &Shelf, base: &str, id: &str) -> Result<Value, ApiError> {
    let found = shelf.metrics.iter().find(|metric| metric.id == id);
    let metric = found.ok_or_else(|| ApiError::not_found(format!("A metric with id {id} does not exist.")))?;
    Ok(json!({ "data": metric.json(base) }))
}

/// The id of the metric of this name, which is made where there is none.
pub(super) fn named(shelf: &mut Shelf, name: &str, now_ms: i64) -> String {
    let known = shelf.metrics.iter().find(|metric| metric.attributes.get("name").and_then(Value::as_str) == Some(name));
    if let Some(metric) = known {
        return metric.id.clone();
    }
    let now = rfc3339(now_ms);
    let attributes = json!({
        "name": name,
        "created": now,
        "updated": now,
        "integration": {"object": "integration", "id": "0rG4eQ", "name": "API", "category": "API"},
    });
    let attributes = attributes.as_object().cloned().unwrap_or_default();
    let id = opaque::six();
    shelf.metrics.push(Resource { kind: "metric", id: id.clone(), attributes, relationships: Vec::new() });
    growth::grow(shelf, &("metric", id.clone()), now_ms);
    id
}
