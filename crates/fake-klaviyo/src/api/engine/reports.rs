//! Reports, and what else is answered without looking at the account: the published form, figures made up.

use serde_json::{Map, Value, json};

use crate::api::body;
use crate::api::context::{Done, Task};
use crate::api::data::defaults::fill;
use crate::api::errors::ApiError;
use crate::api::spec::resource_types::answer_of;

/// A report, which is not kept.
pub(crate) fn report(task: &Task<'_>) -> Result<Value, ApiError> {
    let shape = answer_of(task.operation).ok_or_else(|| ApiError::mock_gap(task.operation.id))?;
    body::data(task.call, shape.kind)?;
    Ok(json!({ "data": resource(task, shape.kind, "report") }))
}

/// What is taken in, or answered the same whatever the account has.
pub(crate) fn taken(task: &Task<'_>) -> Done {
    let Some(shape) = answer_of(task.operation) else {
        body::any(task.call)?;
        return task.silent();
    };
    let id = if task.id.is_empty() { "report" } else { &task.id };
    let resource = resource(task, shape.kind, id);
    if shape.many {
        let here = format!("{}{}", task.base, task.call.path);
        return task.with(json!({"data": [resource], "links": {"self": here, "next": null, "prev": null}}));
    }
    task.with(json!({ "data": resource }))
}

fn resource(task: &Task<'_>, kind: &str, id: &str) -> Value {
    let mut attributes = Map::new();
    fill(kind, &mut attributes, task.now_ms);
    let here = format!("{}{}", task.base, task.call.path);
    json!({"type": kind, "id": id, "attributes": attributes, "links": {"self": here}})
}
