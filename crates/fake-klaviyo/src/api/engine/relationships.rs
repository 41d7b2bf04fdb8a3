//! What a resource is tied to, whole (`/lists/{id}/tags`) or by id (`/lists/{id}/relationships/tags`).

use serde_json::{Value, json};

use crate::api::body;
use crate::api::context::Task;
use crate::api::data::account_data::Resource;
use crate::api::data::relationship_store::End;
use crate::api::engine::generic::{PAGE_SIZE, kind};
use crate::api::errors::ApiError;
use crate::api::query::filter::Filter;
use crate::api::query::inclusion::related_ids;
use crate::api::query::paging::{page, page_of};
use crate::api::query::sorting;
use crate::api::spec::operation_kind::related as related_shape;
use crate::api::spec::resource_types::Shape;

/// The resources that one is tied to.
pub(crate) fn related(task: &Task<'_>) -> Result<Value, ApiError> {
    let (shape, ids) = (shape(task)?, ids(task)?);
    let filter = Filter::read_any(task.call.query.get("filter"))?;
    let known = ids.iter().filter_map(|id| task.shelf.find(shape.kind, id).ok());
    if shape.many {
        let mut found: Vec<&Resource> = known.filter(|one| filter.admits(one)).collect();
        sorting::sort(task.call, &mut found);
        return page(task.call, task.base, &found, PAGE_SIZE);
    }
    let mut known = known;
    let found = known.next().ok_or_else(|| ApiError::not_found(format!("There is no {} here.", shape.kind)))?;
    Ok(json!({ "data": found.json(task.base) }))
}

/// The ids of the resources that one is tied to.
pub(crate) fn references(task: &Task<'_>) -> Result<Value, ApiError> {
    let (shape, ids) = (shape(task)?, ids(task)?);
    let reference = |id: &String| json!({"type": shape.kind, "id": id});
    if shape.many {
        let filter = Filter::read_any(task.call.query.get("filter"))?;
        let admitted = |id: &&String| task.shelf.find(shape.kind, id).is_ok_and(|one| filter.admits(one));
        let ids: Vec<&str> = ids.iter().filter(admitted).map(String::as_str).collect();
        let show = |id: &&str| json!({"type": shape.kind, "id": id});
        return page_of(task.call, task.base, &ids, PAGE_SIZE, |id| id, show);
    }
    let here = format!("{}{}", task.base, task.call.path);
    let links = json!({"self": here, "related": here.replace("/relationships/", "/")});
    Ok(json!({"data": ids.first().map(reference), "links": links}))
}

/// Ties.
pub(crate) fn tie(task: &mut Task<'_>) -> Result<(), ApiError> {
    let (end, others) = (end(task)?, named(task)?);
    for other in others {
        task.shelf.ties.tie(end.clone(), other);
    }
    Ok(())
}

/// Unties all, and ties these instead.
pub(crate) fn replace(task: &mut Task<'_>) -> Result<(), ApiError> {
    let (end, others) = (end(task)?, named(task)?);
    task.shelf.ties.untie_all(&end, shape(task)?.kind);
    for other in others {
        task.shelf.ties.tie(end.clone(), other);
    }
    Ok(())
}

/// Unties.
pub(crate) fn untie(task: &mut Task<'_>) -> Result<(), ApiError> {
    let (end, others) = (end(task)?, named(task)?);
    for other in &others {
        task.shelf.ties.untie(&end, other);
    }
    Ok(())
}

/// The resource in the path, which must exist.
fn end(task: &Task<'_>) -> Result<End, ApiError> {
    let kind = kind(task)?;
    Ok((kind, task.shelf.find(kind, &task.id)?.id.clone()))
}

/// The resources in the body, which must exist.
fn named(task: &Task<'_>) -> Result<Vec<End>, ApiError> {
    let shape = shape(task)?;
    let ids =
        if shape.many { body::references(task.call, shape.kind)? } else { body::reference(task.call, shape.kind)? };
    ids.into_iter().map(|id| Ok((shape.kind, task.shelf.find(shape.kind, &id)?.id.clone()))).collect()
}

/// The ids of what the resource in the path is tied to.
fn ids(task: &Task<'_>) -> Result<Vec<String>, ApiError> {
    let (kind, shape) = (kind(task)?, shape(task)?);
    task.shelf.find(kind, &task.id)?;
    Ok(related_ids(task.shelf, kind, &task.id, shape))
}

fn shape(task: &Task<'_>) -> Result<Shape, ApiError> {
    related_shape(task.operation).ok_or_else(|| ApiError::mock_gap(task.operation.id))
}
