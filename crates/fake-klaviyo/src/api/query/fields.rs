//! Attributes by request (P): `fields[list]=name` keeps only that attribute of lists;
//! `additional-fields[list]=profile_count` adds one that is not returned otherwise.

use serde_json::{Map, Value, json};

use crate::http::request::Request;

use crate::api::context::OperationContext;
use crate::api::spec::resource_types::required_attributes;
use crate::api::spec::revisions::Revision;

/// Types with a `profile_count`.
const COUNTED: &[&str] = &["list", "segment"];

/// Adds the requested additional fields; those other than `profile_count` are ignored.
pub(crate) fn additional(context: &OperationContext<'_>, document: &mut Value) {
    let asks = |kind: &&&str| {
        let wanted = context.request.query.get(&format!("additional-fields[{kind}]"));
        wanted.is_some_and(|names| names.split(',').any(|name| name.trim() == "profile_count"))
    };
    let asked: Vec<&&str> = COUNTED.iter().filter(asks).collect();
    let count = |resource: &mut Value| {
        let text = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
        let Some(kind) = asked.iter().find(|kind| ***kind == text("type")) else { return };
        let profiles = context.records.relationships.related_to(&(**kind, text("id").to_owned()), "profile").len();
        if let Some(Value::Object(attributes)) = resource.get_mut("attributes") {
            attributes.insert("profile_count".to_owned(), json!(profiles));
        }
    };
    match document.get_mut("data") {
        Some(Value::Array(items)) => items.iter_mut().for_each(count),
        Some(item) => count(item),
        None => {}
    }
}

/// Removes the attributes that the revision does not have: resources are kept with those of all revisions.
pub(crate) fn of_revision(revision: Revision, document: &mut Value) {
    each_resource(document, |resource| {
        let kind = resource.get("type").and_then(Value::as_str).unwrap_or_default();
        let gone = required_attributes(kind).iter().filter(|attribute| !attribute.is_in(revision));
        let gone: Vec<&str> = gone.map(|attribute| attribute.path).collect();
        if let (false, Some(Value::Object(attributes))) = (gone.is_empty(), resource.get_mut("attributes")) {
            attributes.retain(|name, _| !gone.contains(&name.as_str()));
        }
    });
}

/// Removes the attributes that were not requested.
pub(crate) fn sparse(request: &Request, document: &mut Value) {
    let wanted: Vec<(&str, Vec<&str>)> = request.query.iter().filter_map(asked).collect();
    if !wanted.is_empty() {
        each_resource(document, |resource| keep_only(resource, &wanted));
    }
}

fn each_resource(document: &mut Value, mut change: impl FnMut(&mut Value)) {
    for part in ["data", "included"] {
        match document.get_mut(part) {
            Some(Value::Array(items)) => items.iter_mut().for_each(&mut change),
            Some(item) => change(item),
            None => {}
        }
    }
}

/// Type and attributes of a `fields[…]` parameter.
fn asked<'a>((name, value): (&'a str, &'a str)) -> Option<(&'a str, Vec<&'a str>)> {
    let kind = name.strip_prefix("fields[")?.strip_suffix(']')?;
    Some((kind, value.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()))
}

fn keep_only(resource: &mut Value, wanted: &[(&str, Vec<&str>)]) {
    let kind = resource.get("type").and_then(Value::as_str).unwrap_or_default();
    let Some((_, names)) = wanted.iter().find(|(known, _)| *known == kind) else { return };
    if let Some(Value::Object(attributes)) = resource.get_mut("attributes") {
        *attributes = selected(attributes, names);
    }
}

/// The attributes with these names; a dot descends into an object.
fn selected(attributes: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    let mut kept = Map::new();
    for (name, value) in attributes {
        if names.contains(&name.as_str()) {
            kept.insert(name.clone(), value.clone());
            continue;
        }
        let inside: Vec<&str> =
            names.iter().filter_map(|wanted| wanted.strip_prefix(name.as_str())?.strip_prefix('.')).collect();
        if let (false, Value::Object(object)) = (inside.is_empty(), value) {
            kept.insert(name.clone(), self::selected(object, &inside).into());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_goes_into_an_object() {
        let attributes = serde_json::json!({"email": "a", "location": {"city": "Lisbon", "zip": "1"}, "title": null});
        let attributes = attributes.as_object().cloned().unwrap_or_default();
        let kept = Value::Object(selected(&attributes, &["title", "location.city"]));
        assert_eq!(kept, serde_json::json!({"location": {"city": "Lisbon"}, "title": null}));
    }
}
