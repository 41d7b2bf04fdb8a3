//! Any type of resource: list, read, create, change, delete.

use serde_json::{Map, Value, json};

use crate::state::clock::rfc3339;

use crate::api::body;
use crate::api::context::Task;
use crate::api::data::account_data::{Resource, Shelf};
use crate::api::data::derived_resources::{OWNED, add, grow};
use crate::api::data::relationship_store::End;
use crate::api::errors::ApiError;
use crate::api::query::filter::Filter;
use crate::api::query::paging::{PageSize, page};
use crate::api::query::sorting;
use crate::api::resources::profiles;
use crate::api::spec::resource_types::{kind_at, named};

/// How large pages are, where nothing more is known (A).
pub(crate) const PAGE_SIZE: PageSize = PageSize { usual: 20, most: 100 };

/// Attributes without which nothing of these types can be made.
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

pub(crate) fn list(task: &Task<'_>) -> Result<Value, ApiError> {
    let filter = Filter::read_any(task.call.query.get("filter"))?;
    let kind = kind(task)?;
    let mut found: Vec<&Resource> = task.shelf.all(kind).iter().filter(|one| filter.admits(one)).collect();
    sorting::sort(task.call, &mut found);
    page(task.call, task.base, &found, PAGE_SIZE)
}

pub(crate) fn read(task: &Task<'_>) -> Result<Value, ApiError> {
    shown(task, kind(task)?, &task.id)
}

/// What was created; 409 where there is one of the same outside id.
pub(crate) fn create(task: &mut Task<'_>) -> Result<Value, ApiError> {
    let kind = kind(task)?;
    let mut data = body::data(task.call, kind)?;
    let id = make(task.shelf, kind, &mut data, task.now_ms)?;
    shown(task, kind, &id)
}

pub(crate) fn change(task: &mut Task<'_>) -> Result<Value, ApiError> {
    let kind = kind(task)?;
    task.shelf.find(kind, &task.id)?;
    let mut data = body::data(task.call, kind)?;
    if data.get("id").is_some_and(|id| id.as_str() != Some(&task.id)) {
        return Err(ApiError::invalid("'id' must be the one in the path.", "/data/id"));
    }
    alter(task.shelf, &(kind, task.id.clone()), &mut data, task.now_ms)?;
    shown(task, kind, &task.id)
}

pub(crate) fn delete(task: &mut Task<'_>) -> Result<(), ApiError> {
    let kind = kind(task)?;
    task.shelf.find(kind, &task.id)?;
    remove(task.shelf, &(kind, task.id.clone()));
    Ok(())
}

/// One resource, as an answer.
pub(crate) fn shown(task: &Task<'_>, kind: &str, id: &str) -> Result<Value, ApiError> {
    Ok(json!({ "data": task.shelf.find(kind, id)?.json(task.base) }))
}

/// Makes a resource of what a request says, with its ties; its id.
pub(crate) fn make(
    shelf: &mut Shelf,
    kind: &'static str,
    data: &mut Map<String, Value>,
    now_ms: i64,
) -> Result<String, ApiError> {
    let mut attributes = body::attributes(data)?;
    if kind == "profile" {
        profiles::identified(&attributes)?;
        return Ok(profiles::import(shelf, None, attributes, now_ms).1);
    }
    for (_, name) in NEEDED.iter().filter(|(known, _)| *known == kind) {
        if attributes.get(*name).and_then(Value::as_str).is_none_or(|text| text.trim().is_empty()) {
            return Err(ApiError::invalid(format!("'{name}' is required."), &format!("/data/attributes/{name}")));
        }
    }
    if let Some(outside) = attributes.get("external_id").filter(|id| id.is_string())
        && shelf.all(kind).iter().any(|known| known.attributes.get("external_id") == Some(outside))
    {
        return Err(ApiError::duplicate(kind));
    }
    let ties = ties_in(shelf, data)?;
    let parts = parts_of(&mut attributes);
    lift(kind, &mut attributes);
    let end = (kind, add(shelf, kind, None, attributes, now_ms));
    for other in ties.into_iter().flat_map(|(_, others)| others) {
        shelf.ties.tie(end.clone(), other);
    }
    for (kind, mut part) in parts {
        let part = (kind, make(shelf, kind, &mut part, now_ms)?);
        shelf.ties.tie(end.clone(), part);
    }
    grow(shelf, &end, now_ms);
    Ok(end.1)
}

/// Changes a resource as a request says; ties that the request names take the place of what was.
pub(crate) fn alter(shelf: &mut Shelf, end: &End, data: &mut Map<String, Value>, now_ms: i64) -> Result<(), ApiError> {
    let mut given = body::attributes(data)?;
    let ties = ties_in(shelf, data)?;
    lift(end.0, &mut given);
    for (kind, others) in ties {
        shelf.ties.untie_all(end, kind);
        for other in others {
            shelf.ties.tie(end.clone(), other);
        }
    }
    if let Some(known) = shelf.all_mut(end.0).iter_mut().find(|known| known.id == end.1) {
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

/// Removes a resource, and what goes with it.
pub(crate) fn remove(shelf: &mut Shelf, end: &End) {
    for (_, owned) in OWNED.iter().filter(|(owner, _)| *owner == end.0) {
        for id in shelf.ties.of(end, owned) {
            remove(shelf, &(*owned, id));
        }
    }
    shelf.all_mut(end.0).retain(|one| one.id != end.1);
    shelf.ties.forget(end);
}

/// What a request's `relationships` tie a resource to, by type; all of it must exist.
pub(crate) fn ties_in(shelf: &Shelf, data: &mut Map<String, Value>) -> Result<Vec<(&'static str, Vec<End>)>, ApiError> {
    let Some(Value::Object(relationships)) = data.remove("relationships") else { return Ok(Vec::new()) };
    let mut ties: Vec<(&'static str, Vec<End>)> = Vec::new();
    for (name, relationship) in relationships {
        let references = match relationship.get("data") {
            Some(Value::Array(items)) => items.clone(),
            Some(item @ Value::Object(_)) => vec![item.clone()],
            Some(Value::Null) => continue,
            _ => {
                let pointer = format!("/data/relationships/{name}/data");
                return Err(ApiError::invalid("'data' must be a reference, or an array of them.", &pointer));
            }
        };
        for reference in references {
            let text = |name: &str| reference.get(name).and_then(Value::as_str);
            let (Some(kind), Some(id)) = (text("type").and_then(named), text("id")) else { continue };
            shelf.find(kind, id)?;
            match ties.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, ends)) => ends.push((kind, id.to_owned())),
                None => ties.push((kind, vec![(kind, id.to_owned())])),
            }
        }
    }
    Ok(ties)
}

/// Resources that are written inside of attributes, as `{"data": […]}`; they are taken out.
pub(crate) fn parts_of(attributes: &mut Map<String, Value>) -> Vec<(&'static str, Map<String, Value>)> {
    let mut parts = Vec::new();
    attributes.retain(|_, value| {
        let items = match value.get("data") {
            Some(Value::Array(items)) => items.clone(),
            Some(item @ Value::Object(_)) => vec![item.clone()],
            _ => return true,
        };
        for item in items {
            let kind = item.get("type").and_then(Value::as_str).and_then(named);
            if let (Some(kind), Value::Object(part)) = (kind, item) {
                parts.push((kind, part));
            }
        }
        false
    });
    parts
}

/// A message is sent with a definition, and shown with what that says.
fn lift(kind: &str, attributes: &mut Map<String, Value>) {
    if let ("campaign-message", Some(Value::Object(definition))) = (kind, attributes.get("definition").cloned()) {
        attributes.extend(definition);
    }
}

/// The type that the operation is about.
pub(crate) fn kind(task: &Task<'_>) -> Result<&'static str, ApiError> {
    kind_at(task.operation).ok_or_else(|| ApiError::mock_gap(task.operation.id))
}
