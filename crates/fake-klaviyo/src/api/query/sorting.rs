//! The `sort` parameter: an attribute, descending with a leading `-`.

use std::cmp::Ordering;

use serde_json::Value;

use crate::http::request::Request;

use crate::api::data::account_data::Resource;

/// Sorts as requested. The order of resources without the attribute stays.
pub(crate) fn sort(request: &Request, resources: &mut [&Resource]) {
    let Some(wanted) = request.query.get("sort") else { return };
    let (name, backwards) = wanted.strip_prefix('-').map_or((wanted, false), |name| (name, true));
    resources.sort_by(|one, other| {
        let order = compare(one.field(name).as_ref(), other.field(name).as_ref());
        if backwards { order.reverse() } else { order }
    });
}

fn compare(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    match (one, other) {
        (Some(Value::String(one)), Some(Value::String(other))) => one.cmp(other),
        (Some(one), Some(other)) => one.as_f64().partial_cmp(&other.as_f64()).unwrap_or(Ordering::Equal),
        _ => Ordering::Equal,
    }
}
