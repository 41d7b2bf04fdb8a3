//! A call to Klaviyo as a curl command.

use crate::evidence::Exchange;

/// Headers that curl sets itself, or that belong to the connection.
const NOT_SAID: [&str; 6] =
    ["host", "content-length", "connection", "accept-encoding", "transfer-encoding", "user-agent"];

/// The call as a curl command. Secrets were replaced while recording: `‹…›` marks where the user's own go.
pub(in crate::report) fn curl(call: &Exchange) -> String {
    let mut parts = vec!["curl".to_owned(), "-i".to_owned()];
    if call.method != "GET" {
        parts.push(format!("-X {}", quoted(&call.method)));
    }
    let query: Vec<String> = call.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    parts.push(quoted(&format!("https://{}{}{query}", call.host, call.path)));
    for (name, value) in &call.request_headers {
        if !NOT_SAID.contains(&name.to_ascii_lowercase().as_str()) {
            parts.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
        }
    }
    if let Some(body) = call.request_body.as_ref().filter(|body| !body.is_empty()) {
        parts.push(format!("--data-raw {}", quoted(body)));
    }
    parts.join(" ")
}

/// A text quoted for a shell.
fn quoted(text: &str) -> String {
    let text: String = text.chars().filter(|letter| *letter != '\0').collect();
    format!("'{}'", text.replace('\'', "'\\''"))
}
