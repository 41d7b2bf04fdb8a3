//! Who signs up with the app during a run.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// The user who has no account yet and signs up.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Newcomer {
    /// Domain of the new user's e-mail address, for apps that take only addresses of some domains. What stands before it is new each
    /// time.
    pub domain: String,
    /// What to answer where the sign-up form asks for something that flowcheck cannot know, such as an invitation code: by the field's
    /// `name`, or by words of its label.
    pub answers: BTreeMap<String, String>,
}

impl Default for Newcomer {
    fn default() -> Self {
        Self { domain: "example.com".to_owned(), answers: BTreeMap::new() }
    }
}
