//! Answers, as BiDi writes them.

use serde_json::{Value, json};

/// Whether an answer is one without content, 204 or 205.
pub(super) fn has_nothing(response: &Value) -> bool {
    response["status"].as_u64().is_some_and(|status| matches!(status, 204 | 205))
}

/// Whether an answer leads elsewhere.
pub(super) fn is_redirect(response: &Value) -> bool {
    response["status"].as_u64().is_some_and(|status| matches!(status, 301 | 302 | 303 | 307 | 308))
}

/// An answer of which only is told what came over the network.
pub(super) fn from_extra_info(extra_info: &Value) -> Value {
    let all = extra_info["headers"].as_object().into_iter().flatten();
    let media_type = all.clone().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let media_type = media_type.and_then(|(_, value)| value.as_str()?.split(';').next()).map(str::trim);
    json!({ "status": extra_info["statusCode"], "mimeType": media_type, "headers": headers(&extra_info["headers"]) })
}

/// An answer as Chromium tells of it.
pub(super) fn response(sent: &Value) -> Value {
    let (status, kind) = (&sent["status"], &sent["mimeType"]);
    let mut answer = json!({ "status": status, "mimeType": kind, "headers": headers(&sent["headers"]) });
    if sent["fromServiceWorker"] == true {
        // BiDi has no word for it.
        answer["fromServiceWorker"] = json!(true);
    }
    answer
}

/// Of the headers of a request, what it asks for: more of them is not told.
pub(super) fn accepted(sent: &Value) -> Value {
    let all = sent.as_object().into_iter().flatten();
    let accept = all.filter(|(name, _)| name.eq_ignore_ascii_case("accept"));
    accept.map(|(name, value)| json!({ "name": name, "value": { "type": "string", "value": value } })).collect()
}

/// Chromium has one entry for each name, BiDi a list.
pub(super) fn headers(sent: &Value) -> Value {
    let all = sent.as_object().into_iter().flatten();
    all.map(|(name, value)| json!({ "name": name, "value": { "type": "string", "value": value } })).collect()
}
