//! Parses JSON:API requests.

use serde_json::{Map, Value};

use crate::http::request::Request;

use crate::api::errors::ApiError;

/// The `data` of a request, which must be an object of this type.
pub(crate) fn data(request: &Request, kind: &str) -> Result<Map<String, Value>, ApiError> {
    let Some(Value::Object(data)) = document(request)?.remove("data") else {
        return Err(ApiError::invalid("'data' must be an object.", "/data"));
    };
    match data.get("type").and_then(Value::as_str) {
        Some(found) if found == kind => Ok(data),
        _ => Err(ApiError::invalid(format!("'type' must be '{kind}'."), "/data/type")),
    }
}

/// The `data` of a request, which must be an object of any type.
pub(crate) fn any(request: &Request) -> Result<Map<String, Value>, ApiError> {
    match document(request)?.remove("data") {
        Some(Value::Object(data)) if data.get("type").is_some_and(Value::is_string) => Ok(data),
        Some(Value::Object(_)) => Err(ApiError::invalid("'type' is required.", "/data/type")),
        _ => Err(ApiError::invalid("'data' must be an object.", "/data")),
    }
}

/// The id in a request's `data`.
pub(crate) fn id(data: &Map<String, Value>) -> Result<&str, ApiError> {
    data.get("id").and_then(Value::as_str).ok_or_else(|| ApiError::invalid("'id' is required.", "/data/id"))
}

/// The id in a request whose `data` must be a reference of this type, or null.
pub(crate) fn reference(request: &Request, kind: &str) -> Result<Vec<String>, ApiError> {
    if document(request)?.get("data").is_some_and(Value::is_null) {
        return Ok(Vec::new());
    }
    Ok(vec![id(&data(request, kind)?)?.to_owned()])
}

/// The ids in a request whose `data` must be an array of references of this type.
pub(crate) fn references(request: &Request, kind: &str) -> Result<Vec<String>, ApiError> {
    let Some(Value::Array(items)) = document(request)?.remove("data") else {
        return Err(ApiError::invalid("'data' must be an array.", "/data"));
    };
    items
        .iter()
        .map(|item| match (item.get("type").and_then(Value::as_str), item.get("id").and_then(Value::as_str)) {
            (Some(found), Some(id)) if found == kind => Ok(id.to_owned()),
            _ => Err(ApiError::invalid(format!("each item must have 'type' '{kind}' and an 'id'."), "/data")),
        })
        .collect()
}

/// The `attributes` of an object; empty where there are none.
pub(crate) fn attributes(data: &mut Map<String, Value>) -> Result<Map<String, Value>, ApiError> {
    match data.remove("attributes") {
        None => Ok(Map::new()),
        Some(Value::Object(attributes)) => Ok(attributes),
        Some(_) => Err(ApiError::invalid("'attributes' must be an object.", "/data/attributes")),
    }
}

fn document(request: &Request) -> Result<Map<String, Value>, ApiError> {
    match request.media_type().as_deref() {
        Some("application/vnd.api+json" | "application/json") => {}
        other => return Err(ApiError::unsupported_media_type(other.unwrap_or_default())),
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(document)) => Ok(document),
        Ok(_) => Err(ApiError::invalid("the body must be a JSON object.", "/data")),
        Err(error) => Err(ApiError::invalid(format!("the body is not JSON: {error}."), "/data")),
    }
}
