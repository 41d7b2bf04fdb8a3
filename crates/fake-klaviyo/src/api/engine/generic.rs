//! Any type of resource: list, read, create, update, delete.

use serde_json::{Map, Value, json};

use crate::state::clock::rfc3339;

use crate::api::body;
use crate::api::context::OperationContext;
use crate::api::data::account_data::{AccountData, Resource};
use crate::api::data::derived_resources::{OWNED, add, add_derived};
use crate::api::data::relationship_store::ResourceRef;
use crate::api::errors::ApiError;
use crate::api::query::filter::Filter;
use crate::api::query::paging::{PageSize, page};
use crate::api::query::sorting;
use crate::api::resources::profiles;
use crate::api::spec::resource_types::{kind_at_path, kind_named};

/// The page sizes of collections whose own are not known (A).
pub(crate) const PAGE_SIZE: PageSize = PageSize { default: 20, max: 100 };

/// Attributes without which resources of these types cannot be created.
const NEEDED: &[(&str, &str)] = &[
    ("campaign", "name"),
    ("catalog-category", "external_id"),
    ("catalog-item", "external_id"),
    ("catalog-variant", "external_id"),
    ("coupon", "external_id"),
    ("coupon-code", "unique_code"),
    ("custom-metric", "name"),
    ("segment", "name"),
    ("tag", "name"),
    ("tag-group", "name"),
    ("template", "name"),
    ("web-feed", "name"),
    ("webhook", "endpoint_url"),
];

pub(crate) fn list(context: &OperationContext<'_>) -> Result<Value, ApiError> {
    let filter = Filter::read_any(context.request.query.get("filter"))?;
    let kind = kind(context)?;
    let mut found: Vec<&Resource> = context.records.all(kind).iter().filter(|one| filter.matches(one)).collect();
    sorting::sort(context.request, &mut found);
    page(context.request, context.base, &found, PAGE_SIZE)
}

pub(crate) fn read(context: &OperationContext<'_>) -> Result<Value, ApiError> {
    document(context, kind(context)?, &context.id)
}

/// Creates a resource; 409 where one with the same external id exists.
pub(crate) fn create(context: &mut OperationContext<'_>) -> Result<Value, ApiError> {
    create_a(context, kind(context)?)
}

/// Creates a resource of this type.
pub(crate) fn create_a(context: &mut OperationContext<'_>, kind: &'static str) -> Result<Value, ApiError> {
    let mut data = body::data(context.request, kind)?;
    let id = create_resource(context.records, kind, &mut data, context.now_ms)?;
    document(context, kind, &id)
}

pub(crate) fn update(context: &mut OperationContext<'_>) -> Result<Value, ApiError> {
    let kind = kind(context)?;
    context.records.find(kind, &context.id)?;
    let mut data = body::data(context.request, kind)?;
    if data.get("id").is_some_and(|id| id.as_str() != Some(&context.id)) {
        return Err(ApiError::invalid("'id' must be the one in the path.", "/data/id"));
    }
    update_resource(context.records, &(kind, context.id.clone()), &mut data, context.now_ms)?;
    document(context, kind, &context.id)
}

pub(crate) fn delete(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let kind = kind(context)?;
    context.records.find(kind, &context.id)?;
    delete_resource(context.records, &(kind, context.id.clone()));
    Ok(())
}

/// A document with one resource.
pub(crate) fn document(context: &OperationContext<'_>, kind: &str, id: &str) -> Result<Value, ApiError> {
    Ok(json!({ "data": context.records.find(kind, id)?.json(context.base) }))
}

/// Creates the resource that a request describes, with its relationships, and returns its id.
pub(crate) fn create_resource(
    records: &mut AccountData,
    kind: &'static str,
    data: &mut Map<String, Value>,
    now_ms: i64,
) -> Result<String, ApiError> {
    let mut attributes = body::attributes(data)?;
    if kind == "profile" {
        profiles::identified(&attributes)?;
        return Ok(profiles::import(records, None, attributes, now_ms).1);
    }
    flatten_definition(kind, &mut attributes);
    for (_, name) in NEEDED.iter().filter(|(known, _)| *known == kind) {
        if attributes.get(*name).and_then(Value::as_str).is_none_or(|text| text.trim().is_empty()) {
            return Err(ApiError::invalid(format!("'{name}' is required."), &format!("/data/attributes/{name}")));
        }
    }
    if let Some(outside) = attributes.get("external_id").filter(|id| id.is_string())
        && records.all(kind).iter().any(|known| known.attributes.get("external_id") == Some(outside))
    {
        return Err(ApiError::duplicate(kind));
    }
    let related = relationships_in(records, data)?;
    let parts = nested_resources(&mut attributes);
    let resource = (kind, add(records, kind, None, attributes, now_ms));
    for other in related.into_iter().flat_map(|(_, others)| others) {
        records.relationships.add(resource.clone(), other);
    }
    for (kind, mut part) in parts {
        let part = (kind, create_resource(records, kind, &mut part, now_ms)?);
        records.relationships.add(resource.clone(), part);
    }
    add_derived(records, &resource, now_ms);
    Ok(resource.1)
}

/// Updates a resource. Relationships in the request replace the existing ones of their type.
pub(crate) fn update_resource(
    records: &mut AccountData,
    resource: &ResourceRef,
    data: &mut Map<String, Value>,
    now_ms: i64,
) -> Result<(), ApiError> {
    let mut given = body::attributes(data)?;
    let related = relationships_in(records, data)?;
    flatten_definition(resource.0, &mut given);
    for (kind, others) in related {
        records.relationships.remove_all(resource, kind);
        for other in others {
            records.relationships.add(resource.clone(), other);
        }
    }
    if let Some(known) = records.all_mut(resource.0).iter_mut().find(|known| known.id == resource.1) {
        for (name, value) in given {
            match (known.attributes.get_mut(&name), value) {
                (Some(Value::Object(known)), Value::Object(given)) => known.extend(given),
                (_, value) => drop(known.attributes.insert(name, value)),
            }
        }
        for name in ["updated", "updated_at"] {
            if let Some(when) = known.attributes.get_mut(name) {
                *when = rfc3339(now_ms).into();
            }
        }
    }
    Ok(())
}

/// Deletes a resource and those that it owns.
pub(crate) fn delete_resource(records: &mut AccountData, resource: &ResourceRef) {
    for (_, owned) in OWNED.iter().filter(|(owner, _)| *owner == resource.0) {
        for id in records.relationships.related_to(resource, owned) {
            delete_resource(records, &(*owned, id));
        }
    }
    records.all_mut(resource.0).retain(|one| one.id != resource.1);
    records.relationships.remove_resource(resource);
}

/// The resources named in a request's `relationships`, by type. All of them must exist.
pub(crate) fn relationships_in(
    records: &AccountData,
    data: &mut Map<String, Value>,
) -> Result<Vec<(&'static str, Vec<ResourceRef>)>, ApiError> {
    let Some(Value::Object(relationships)) = data.remove("relationships") else { return Ok(Vec::new()) };
    let mut related: Vec<(&'static str, Vec<ResourceRef>)> = Vec::new();
    for (name, relationship) in relationships {
        let references = match relationship.get("data") {
            Some(Value::Array(items)) => items.clone(),
            Some(item @ Value::Object(_)) => vec![item.clone()],
            // A relationship without data says nothing about it.
            None | Some(Value::Null) => continue,
            _ => {
                let pointer = format!("/data/relationships/{name}/data");
                return Err(ApiError::invalid("'data' must be a reference, or an array of them.", &pointer));
            }
        };
        for reference in references {
            let text = |name: &str| reference.get(name).and_then(Value::as_str);
            let (Some(kind), Some(id)) = (text("type").and_then(kind_named), text("id")) else { continue };
            records.find(kind, id)?;
            match related.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, resources)) => resources.push((kind, id.to_owned())),
                None => related.push((kind, vec![(kind, id.to_owned())])),
            }
        }
    }
    Ok(related)
}

/// Takes out the resources nested in attributes as `{"data": […]}`.
pub(crate) fn nested_resources(attributes: &mut Map<String, Value>) -> Vec<(&'static str, Map<String, Value>)> {
    let mut parts = Vec::new();
    attributes.retain(|_, value| {
        let items = match value.get("data") {
            Some(Value::Array(items)) => items.clone(),
            Some(item @ Value::Object(_)) => vec![item.clone()],
            _ => return true,
        };
        for item in items {
            let kind = item.get("type").and_then(Value::as_str).and_then(kind_named);
            if let (Some(kind), Value::Object(part)) = (kind, item) {
                parts.push((kind, part));
            }
        }
        false
    });
    parts
}

/// Copies the members of a message's `definition` to its attributes, where responses show them.
fn flatten_definition(kind: &str, attributes: &mut Map<String, Value>) {
    if !matches!(kind, "campaign" | "campaign-message") {
        return;
    }
    match attributes.get("definition").cloned() {
        Some(Value::Object(definition)) => attributes.extend(definition),
        _ if kind == "campaign" => {
            let name = attributes.get("name").cloned().unwrap_or_default();
            attributes.insert("definition".to_owned(), json!({ "name": name }));
        }
        _ => {}
    }
}

/// The type that the operation is about.
pub(crate) fn kind(context: &OperationContext<'_>) -> Result<&'static str, ApiError> {
    kind_at_path(context.operation).ok_or_else(|| ApiError::mock_gap(context.operation.id))
}
