//! Relationships between the schemas of custom objects, and of profiles to them.

use serde_json::{Map, Value};

use crate::api::body;
use crate::api::context::OperationContext;
use crate::api::data::derived_resources::add;
use crate::api::engine::relationships;
use crate::api::errors::ApiError;

/// The type by which profiles are related to objects; such a schema exists as soon as something is related to it (A).
const PROFILE_SCHEMA: &str = "profile-object-schema";

/// Relates a schema to others.
pub(crate) fn create(context: &mut OperationContext<'_>) -> Result<(), ApiError> {
    if context.operation.path.ends_with("/profile-object-schemas") {
        for id in body::references(context.request, PROFILE_SCHEMA)? {
            if context.records.find(PROFILE_SCHEMA, &id).is_err() {
                add(context.records, PROFILE_SCHEMA, Some(id), Map::new(), context.now_ms);
            }
        }
    }
    relationships::add(context)
}

/// Renames a relationship, which must exist. Names are not kept: no response shows them (P).
pub(crate) fn update(context: &OperationContext<'_>) -> Result<(), ApiError> {
    context.records.find("object-schema", &context.id)?;
    let data = body::any(context.request)?;
    let kind = data.get("type").and_then(Value::as_str).unwrap_or_default();
    let other = body::id(&data)?.to_owned();
    let schema = ("object-schema", context.id.clone());
    if context.records.relationships.related_to(&schema, kind).contains(&other) {
        Ok(())
    } else {
        Err(ApiError::not_found(format!("The schema is not related to that {kind}.")))
    }
}
