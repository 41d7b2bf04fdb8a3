//! What is done with templates besides writing them: copied, rendered; and pictures that come as files.

use serde_json::{Map, Value};

use crate::api::body;
use crate::api::context::Task;
use crate::api::data::derived_resources::add;
use crate::api::engine::generic::shown;
use crate::api::errors::ApiError;

/// A copy of a template.
pub(crate) fn clone(task: &mut Task<'_>) -> Result<Value, ApiError> {
    let mut data = body::data(task.call, "template")?;
    let mut attributes = task.shelf.find("template", body::id(&data)?)?.attributes.clone();
    if let Some(name) = body::attributes(&mut data)?.remove("name") {
        attributes.insert("name".to_owned(), name);
    }
    let id = add(task.shelf, "template", None, attributes, task.now_ms);
    shown(task, "template", &id)
}

/// A template with the context's plain values put where it says `{{ name }}`; its language is not modelled further (A).
pub(crate) fn render(task: &Task<'_>) -> Result<Value, ApiError> {
    let mut data = body::data(task.call, "template")?;
    let mut shown = shown(task, "template", body::id(&data)?)?;
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

/// A picture that came as a file; nobody looks into it.
pub(crate) fn upload_image(task: &mut Task<'_>) -> Result<Value, ApiError> {
    match task.call.media_type().as_deref() {
        Some("multipart/form-data") => {}
        other => return Err(ApiError::unsupported_media_type(other.unwrap_or_default())),
    }
    let size = Map::from_iter([("size".to_owned(), Value::from(task.call.body.len()))]);
    let id = add(task.shelf, "image", None, size, task.now_ms);
    shown(task, "image", &id)
}
