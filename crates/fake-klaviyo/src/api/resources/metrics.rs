//! Metrics: the types of events that an account has received.

use serde_json::{Value, json};

use crate::http::request::Request;
use crate::model::random_id;
use crate::state::clock::rfc3339;

use crate::api::data::account_data::{AccountData, Resource};
use crate::api::data::derived_resources;
use crate::api::errors::ApiError;
use crate::api::query::filter::Filter;
use crate::api::query::paging::{PageSize, page};

/// The page size of metrics.
const PAGE_SIZE: PageSize = PageSize { default: 200, max: 200 };

pub(crate) fn get_metrics(records: &AccountData, request: &Request, base: &str) -> Result<Value, ApiError> {
    let filter =
        Filter::read(request.query.get("filter"), &["integration.name", "integration.category", "name", "id"])?;
    let found: Vec<&Resource> = records.metrics.iter().filter(|metric| filter.matches(metric)).collect();
    page(request, base, &found, PAGE_SIZE)
}

pub(crate) fn get_metric(records: &AccountData, base: &str, id: &str) -> Result<Value, ApiError> {
    let found = records.metrics.iter().find(|metric| metric.id == id);
    let metric = found.ok_or_else(|| ApiError::not_found(format!("A metric with id {id} does not exist.")))?;
    Ok(json!({ "data": metric.json(base) }))
}

/// The id of the metric with this name that comes by the API, created if it is new: a metric of the same name that another integration
/// sends, such as the shop, is another metric.
pub(crate) fn named(records: &mut AccountData, name: &str, now_ms: i64) -> String {
    let text = |metric: &Resource, field: &str| metric.field(field).and_then(|value| value.as_str().map(str::to_owned));
    let by_api = |metric: &&Resource| {
        text(metric, "name").as_deref() == Some(name) && text(metric, "integration.name").as_deref() == Some("API")
    };
    if let Some(metric) = records.metrics.iter().find(by_api) {
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
    let id = random_id::short_id();
    records.metrics.push(Resource { kind: "metric", id: id.clone(), attributes, relationships: Vec::new() });
    derived_resources::add_derived(records, &("metric", id.clone()), now_ms);
    id
}
