//! A hostile input to the app's callback, and what came of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One request to the callback with an input that no Klaviyo sends, made in the user's own browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Probe {
    /// Which of the setup's users' browsers sent it.
    pub user: String,
    /// The input's name in the table of inputs.
    pub input: String,
    /// HTTP method.
    pub method: String,
    /// Status of the answer, of the last one where there were redirects; none where none came.
    pub status: Option<u16>,
    /// The browser's words when no answer came.
    pub error: Option<String>,
    /// Milliseconds until the answer, or until flowcheck gave up.
    pub took_ms: u64,
}
