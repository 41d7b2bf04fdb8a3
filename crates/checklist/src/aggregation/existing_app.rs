//! An app that was running before flowcheck started, and keeps running.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is to be said of a run against an app that flowcheck did not start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExistingApp {
    /// Its base URL.
    pub url: String,
    /// What is there after the run and was not before, one sentence each.
    pub left_behind: Vec<String>,
}

/// What cannot be seen of such an app, whatever it does.
pub const UNSEEN: [&str; 3] = [
    "what it does by its own clock: where Klaviyo's time was moved, the app's was not",
    "whether it ended and was started again: only that it stopped answering",
    "the mails it sent: they went where they always go",
];
