//! Related resources, whole (`/lists/{id}/tags`) or by id (`/lists/{id}/relationships/tags`).

use serde_json::{Value, json};

use crate::api::body;
use crate::api::context::OperationContext;
use crate::api::data::account_data::Resource;
use crate::api::data::relationship_store::ResourceRef;
use crate::api::engine::generic::{PAGE_SIZE, kind};
use crate::api::errors::ApiError;
use crate::api::query::filter::Filter;
use crate::api::query::inclusion::related_ids;
use crate::api::query::paging::{page, page_of};
use crate::api::query::sorting;
use crate::api::spec::operation_kind::related_shape;
use crate::api::spec::resource_types::ResponseShape;

/// The resources that the one in the path is related to.
pub(crate) fn related(context: &OperationContext<'_>) -> Result<Value, ApiError> {
    let (shape, ids) = (shape(context)?, ids(context)?);
    let filter = Filter::read_any(context.request.query.get("filter"))?;
    let known = ids.iter().filter_map(|id| context.records.find(shape.kind, id).ok());
    if shape.many {
        let mut found: Vec<&Resource> = known.filter(|one| filter.matches(one)).collect();
        sorting::sort(context.request, &mut found);
        return page(context.request, context.base, &found, PAGE_SIZE);
    }
    let mut known = known;
    let found = known.next().ok_or_else(|| ApiError::not_found(format!("There is no {} here.", shape.kind)))?;
    Ok(json!({ "data": found.json(context.base) }))
}

/// The ids of the resources that the one in the path is related to.
pub(crate) fn references(context: &OperationContext<'_>) -> Result<Value, ApiError> {
    let (shape, ids) = (shape(context)?, ids(context)?);
    let reference = |id: &String| json!({"type": shape.kind, "id": id});
    if shape.many {
        let filter = Filter::read_any(context.request.query.get("filter"))?;
        let admitted = |id: &&String| context.records.find(shape.kind, id).is_ok_and(|one| filter.matches(one));
        let ids: Vec<&str> = ids.iter().filter(admitted).map(String::as_str).collect();
        let show = |id: &&str| json!({"type": shape.kind, "id": id});
        return page_of(context.request, context.base, &ids, PAGE_SIZE, |id| id, show);
    }
    let here = format!("{}{}", context.base, context.request.path);
    let links = json!({"self": here, "related": here.replace("/relationships/", "/")});
    Ok(json!({"data": ids.first().map(reference), "links": links}))
}

/// Adds relationships.
pub(crate) fn add(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let (resource, others) = (resource(context)?, named(context)?);
    for other in others {
        context.records.relationships.add(resource.clone(), other);
    }
    Ok(())
}

/// Replaces all relationships with those in the request.
pub(crate) fn replace(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let (resource, others) = (resource(context)?, named(context)?);
    context.records.relationships.remove_all(&resource, shape(context)?.kind);
    for other in others {
        context.records.relationships.add(resource.clone(), other);
    }
    Ok(())
}

/// Removes relationships.
pub(crate) fn remove(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    let (resource, others) = (resource(context)?, named(context)?);
    for other in &others {
        context.records.relationships.remove(&resource, other);
    }
    Ok(())
}

/// The resource in the path, which must exist.
fn resource(context: &OperationContext<'_>) -> Result<ResourceRef, ApiError> {
    let kind = kind(context)?;
    Ok((kind, context.records.find(kind, &context.id)?.id.clone()))
}

/// The resources in the body, which must exist.
fn named(context: &OperationContext<'_>) -> Result<Vec<ResourceRef>, ApiError> {
    let shape = shape(context)?;
    let ids = if shape.many {
        body::references(context.request, shape.kind)?
    } else {
        body::reference(context.request, shape.kind)?
    };
    ids.into_iter().map(|id| Ok((shape.kind, context.records.find(shape.kind, &id)?.id.clone()))).collect()
}

/// The ids that the resource in the path is related to.
fn ids(context: &OperationContext<'_>) -> Result<Vec<String>, ApiError> {
    let (kind, shape) = (kind(context)?, shape(context)?);
    context.records.find(kind, &context.id)?;
    Ok(related_ids(context.records, kind, &context.id, shape))
}

fn shape(context: &OperationContext<'_>) -> Result<ResponseShape, ApiError> {
    related_shape(context.operation).ok_or_else(|| ApiError::mock_gap(context.operation.id))
}
