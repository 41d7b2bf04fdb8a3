//! Responses that do not depend on the account's data: the published form, with invented figures.

use serde_json::{Map, Value, json};

use crate::api::body;
use crate::api::context::{OperationContext, OperationResult};
use crate::api::data::defaults::fill_defaults;
use crate::api::errors::ApiError;
use crate::api::spec::resource_types::response_shape;

/// A report, which is not stored.
pub(crate) fn report(context: &OperationContext<'_>) -> Result<Value, ApiError> {
    let shape = response_shape(context.operation).ok_or_else(|| ApiError::mock_gap(context.operation.id))?;
    body::data(context.request, shape.kind)?;
    Ok(json!({ "data": resource(context, shape.kind, "report") }))
}

/// The response to an operation that is accepted and ignored, or whose response is always the same.
pub(crate) fn accepted(context: &OperationContext<'_>) -> OperationResult {
    let Some(shape) = response_shape(context.operation) else {
        body::any(context.request)?;
        return context.no_body();
    };
    let id = if context.id.is_empty() { "report" } else { &context.id };
    let resource = resource(context, shape.kind, id);
    if shape.many {
        let here = format!("{}{}", context.base, context.request.path);
        return context.with_body(json!({"data": [resource], "links": {"self": here, "next": null, "prev": null}}));
    }
    context.with_body(json!({ "data": resource }))
}

fn resource(context: &OperationContext<'_>, kind: &str, id: &str) -> Value {
    let mut attributes = Map::new();
    fill_defaults(kind, &mut attributes, context.now_ms);
    let here = format!("{}{}", context.base, context.request.path);
    json!({"type": kind, "id": id, "attributes": attributes, "links": {"self": here}})
}
