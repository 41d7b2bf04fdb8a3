//! Copies of resources (2026-10-15).

use serde_json::Value;

use crate::api::body;
use crate::api::context::OperationContext;
use crate::api::data::derived_resources::add;
use crate::api::engine::generic::{document, relationships_in};
use crate::api::errors::ApiError;

/// Makes a copy of the resource that the request names, with the attributes and relationships that it gives. Its type may be written with
/// `-clone` (P).
pub(crate) fn clone(context: &mut OperationContext<'_>, kind: &'static str) -> Result<Value, ApiError> {
    let mut data = body::any(context.request)?;
    let sent = data.get("type").and_then(Value::as_str).unwrap_or_default();
    if sent.strip_suffix("-clone").unwrap_or(sent) != kind {
        return Err(ApiError::invalid(format!("'type' must be '{kind}'."), "/data/type"));
    }
    let mut given = body::attributes(&mut data)?;
    given.remove("id");
    let original = body::id(&data)?.to_owned();
    let mut attributes = context.records.find(kind, &original)?.attributes.clone();
    attributes.extend(given);
    let copy = (kind, add(context.records, kind, None, attributes, context.now_ms));
    for (_, others) in relationships_in(context.records, &mut data)? {
        for other in others {
            context.records.relationships.add(copy.clone(), other);
        }
    }
    document(context, kind, &copy.1)
}
