//! Something the app is made to do: by an address, or by a command.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// What makes the app do something: one of `get`, `post` and `run`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AppAction {
    /// A URL to GET; it answers when the work is done.
    pub get: Option<String>,
    /// A URL to POST to, without a body; it answers when the work is done.
    pub post: Option<String>,
    /// A command that ends with status 0 when the work is done. It is split as `start.command` is, and run in the app's folder with its
    /// variables.
    pub run: Option<String>,
    /// Headers of the request, such as `Authorization: Bearer ${JOB_TOKEN}`.
    pub headers: BTreeMap<String, String>,
}

/// How an errand is done.
#[derive(Debug, Clone, Copy)]
pub enum Way<'a> {
    /// By a GET of this address.
    Get(&'a str),
    /// By a POST to this address.
    Post(&'a str),
    /// By this command.
    Run(&'a str),
}

impl AppAction {
    /// A GET of an address.
    pub fn get(address: &str) -> Self {
        Self { get: Some(address.to_owned()), ..Self::default() }
    }

    /// How it is done; none where the file names no way, or several, which is refused when it is read.
    pub fn way(&self) -> Option<Way<'_>> {
        match (&self.get, &self.post, &self.run) {
            (Some(address), None, None) => Some(Way::Get(address)),
            (None, Some(address), None) => Some(Way::Post(address)),
            (None, None, Some(command)) => Some(Way::Run(command)),
            _ => None,
        }
    }

    /// The address it asks, where it asks one.
    pub fn address(&self) -> Option<&str> {
        self.get.as_deref().or(self.post.as_deref())
    }
}
