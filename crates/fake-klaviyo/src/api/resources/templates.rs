//! Templates besides reading and writing: rendering; and uploaded images.

use serde_json::{Map, Value};

use crate::api::body;
use crate::api::context::OperationContext;
use crate::api::data::derived_resources::add;
use crate::api::engine::generic::document;
use crate::api::errors::ApiError;

/// Renders a template: plain context values replace `{{ name }}`. The template language is not modelled further (A).
pub(crate) fn render(context: &OperationContext<'_>) -> Result<Value, ApiError> {
    let mut data = body::data(context.request, "template")?;
    let mut shown = document(context, "template", body::id(&data)?)?;
    let context = body::attributes(&mut data)?.remove("context");
    let mut html = shown["data"]["attributes"]["html"].as_str().unwrap_or_default().to_owned();
    for (name, value) in context.as_ref().and_then(Value::as_object).into_iter().flatten() {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        for place in [format!("{{{{ {name} }}}}"), format!("{{{{{name}}}}}")] {
            html = html.replace(&place, &text);
        }
    }
    shown["data"]["attributes"]["html"] = html.into();
    Ok(shown)
}

/// Stores an uploaded image by its size; its content is ignored.
pub(crate) fn upload_image(context: &mut OperationContext<'_>) -> Result<Value, ApiError> {
    match context.request.media_type().as_deref() {
        Some("multipart/form-data") => {}
        other => return Err(ApiError::unsupported_media_type(other.unwrap_or_default())),
    }
    let size = Map::from_iter([("size".to_owned(), Value::from(context.request.body.len()))]);
    let id = add(context.records, "image", None, size, context.now_ms);
    document(context, "image", &id)
}
