//! Forms besides reading and writing: publishing (2026-10-15).

use serde_json::Value;

use crate::api::body;
use crate::api::context::OperationContext;
use crate::api::engine::generic::{create_resource, document};
use crate::api::errors::ApiError;

/// Publishes a form or takes it back, by a job that is done at once (A).
pub(crate) fn publish(context: &mut OperationContext<'_>, job: &'static str, status: &str) -> Result<Value, ApiError> {
    let mut data = body::data(context.request, job)?;
    let form = data.get("relationships").and_then(|all| all.pointer("/form/data/id")).and_then(Value::as_str);
    let form = form.ok_or_else(|| ApiError::invalid("A form is required.", "/data/relationships/form"))?.to_owned();
    let id = create_resource(context.records, job, &mut data, context.now_ms)?;
    for known in context.records.all_mut("form").iter_mut().filter(|known| known.id == form) {
        known.attributes.insert("status".to_owned(), status.into());
    }
    document(context, job, &id)
}
