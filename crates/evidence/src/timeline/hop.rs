//! A hop: one document the browser asked for on its way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One request for a document, with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hop {
    /// Which of the setup's users was browsing.
    pub user: String,
    /// HTTP method; empty where the driver could not tell.
    pub method: String,
    /// The address, with secrets replaced by fingerprints.
    pub url: String,
    /// The answer's status; none where the driver could not tell, or no answer came.
    pub status: Option<u16>,
    /// Where a redirect pointed, with secrets replaced.
    pub location: Option<String>,
    /// What made the browser ask.
    pub cause: HopCause,
    /// The browser's words when no answer came (`net::ERR_CONNECTION_REFUSED`).
    pub error: Option<String>,
    /// Whether a service worker of the app's answered, and not its server; false where the driver could not tell.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_service_worker: bool,
    /// The scheme of HTTP authentication that a 401 asked for (`Basic`), for which browsers open a dialog of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks_for: Option<String>,
}

/// What made the browser ask for a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HopCause {
    /// A link, a form, an address typed, or a script.
    Navigation,
    /// The answer before it said so.
    Redirect,
    /// It is shown in a frame of another document.
    Frame,
}
