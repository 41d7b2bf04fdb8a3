//! Bulk jobs. They are completed at once, and reported as complete when they are read (A).

use serde_json::{Map, Value, json};

use crate::state::clock::rfc3339;

use crate::api::body;
use crate::api::context::{OperationContext, OperationResult};
use crate::api::data::derived_resources::add;
use crate::api::data::relationship_store::ResourceRef;
use crate::api::engine::generic::{
    create_resource, delete_resource, nested_resources, relationships_in, update_resource,
};
use crate::api::resources::object_records;
use crate::api::resources::profiles;
use crate::api::spec::resource_types::response_shape;

/// What a job does with each item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BulkAction {
    Upsert,
    Update,
    Delete,
    Unsubscribe,
}

/// Runs the job, and returns it as it was when it started.
pub(crate) fn run(context: &mut OperationContext<'_>) -> OperationResult {
    let kind = response_shape(context.operation).map(|shape| shape.kind);
    let mut data = match kind {
        Some(kind) => body::data(context.request, kind)?,
        None => body::any(context.request)?,
    };
    let related: Vec<ResourceRef> =
        relationships_in(context.records, &mut data)?.into_iter().flat_map(|(_, resources)| resources).collect();
    let mut attributes = body::attributes(&mut data)?;
    if context.operation.id == "bulk_create_data_source_records" {
        object_records::take(context.records, &attributes, context.now_ms);
        return context.no_body();
    }
    let action = action(context.operation.id);
    let mut done: Vec<ResourceRef> = Vec::new();
    let parts = nested_resources(&mut attributes);
    let total = parts.len();
    for (kind, part) in parts {
        done.extend(one(context, action, kind, part, &related));
    }
    let Some(kind) = kind else { return context.no_body() };
    let now = rfc3339(context.now_ms);
    let count = |number: usize| Value::from(number);
    let job = json!({
        "status": "complete",
        "created_at": now,
        "total_count": count(total),
        "completed_count": count(done.len()),
        "failed_count": count(total.saturating_sub(done.len())),
        "completed_at": now,
    });
    let id = add(context.records, kind, None, job.as_object().cloned().unwrap_or_default(), context.now_ms);
    for resource in done.into_iter().chain(related) {
        context.records.relationships.add((kind, id.clone()), resource);
    }
    let mut shown = context.records.find(kind, &id)?.json(context.base);
    shown["attributes"]["status"] = "processing".into();
    shown["attributes"]["completed_count"] = 0.into();
    shown["attributes"]["completed_at"] = Value::Null;
    context.with_body(json!({ "data": shown }))
}

fn action(operation: &str) -> BulkAction {
    match operation {
        "bulk_unsubscribe_profiles" => BulkAction::Unsubscribe,
        "bulk_suppress_profiles" | "bulk_unsuppress_profiles" => BulkAction::Upsert,
        id if id.starts_with("bulk_update_") => BulkAction::Update,
        id if id.starts_with("bulk_delete_") => BulkAction::Delete,
        _ => BulkAction::Upsert,
    }
}

/// Processes one item; none if that fails, which the job counts as failed.
fn one(
    context: &mut OperationContext<'_>,
    action: BulkAction,
    kind: &'static str,
    mut part: Map<String, Value>,
    related: &[ResourceRef],
) -> Option<ResourceRef> {
    let id = part.get("id").and_then(Value::as_str).map(str::to_owned);
    let known = id.filter(|id| context.records.find(kind, id).is_ok());
    let resource = match (action, known) {
        (BulkAction::Upsert | BulkAction::Unsubscribe, Some(id)) if kind == "profile" => {
            let attributes = body::attributes(&mut part).ok()?;
            (kind, profiles::import(context.records, Some(id), attributes, context.now_ms).1)
        }
        (BulkAction::Upsert | BulkAction::Unsubscribe, _) => {
            (kind, create_resource(context.records, kind, &mut part, context.now_ms).ok()?)
        }
        (BulkAction::Update, Some(id)) => {
            let resource = (kind, id);
            update_resource(context.records, &resource, &mut part, context.now_ms).ok()?;
            resource
        }
        (BulkAction::Delete, Some(id)) => {
            let resource = (kind, id);
            delete_resource(context.records, &resource);
            return Some(resource);
        }
        (BulkAction::Update | BulkAction::Delete, None) => return None,
    };
    for other in related {
        match action {
            BulkAction::Unsubscribe => context.records.relationships.remove(&resource, other),
            _ => context.records.relationships.add(resource.clone(), other.clone()),
        }
    }
    Some(resource)
}
