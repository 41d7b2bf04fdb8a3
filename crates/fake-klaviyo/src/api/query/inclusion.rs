//! `include=metric,profile`: returns related resources along with the requested ones (P).

use serde_json::{Value, json};

use crate::api::context::OperationContext;
use crate::api::data::account_data::AccountData;
use crate::api::spec::resource_types::{ResponseShape, kind_named, relationship_shape};

/// Adds the requested related resources to a document.
pub(crate) fn include(context: &OperationContext<'_>, document: &mut Value) {
    let Some(wanted) = context.request.query.get("include") else { return };
    let wanted: Vec<&str> = wanted.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let mut included: Vec<Value> = Vec::new();
    let resources = match document.get_mut("data") {
        Some(Value::Array(items)) => items.iter_mut().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    };
    for resource in resources {
        let text = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
        let (Some(kind), id) = (kind_named(text("type")), text("id").to_owned()) else { continue };
        for name in &wanted {
            // Some relationships that can be included are missing from the tables; these are skipped.
            let Some(shape) = relationship_shape(kind, name) else { continue };
            let ids = related_ids(context.records, kind, &id, shape);
            let references: Vec<Value> = ids.iter().map(|id| json!({"type": shape.kind, "id": id})).collect();
            resource["relationships"][*name]["data"] =
                if shape.many { references.into() } else { references.into_iter().next().unwrap_or_default() };
            for other in ids.iter().filter_map(|id| context.records.find(shape.kind, id).ok()) {
                let shown = other.json(context.base);
                if !included.contains(&shown) {
                    included.push(shown);
                }
            }
        }
    }
    document["included"] = included.into();
}

/// The ids of the related resources of this shape.
pub(crate) fn related_ids(records: &AccountData, kind: &'static str, id: &str, shape: ResponseShape) -> Vec<String> {
    let belongs = records
        .find(kind, id)
        .ok()
        .and_then(|one| one.relationships.iter().find(|(_, known, _)| *known == shape.kind).map(|(.., id)| id.clone()));
    match belongs {
        Some(other) => vec![other],
        None => records.relationships.related_to(&(kind, id.to_owned()), shape.kind),
    }
}
