//! An action of the app, started by a request or a command.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// Makes the app do something: one of `get`, `post` and `run`. Of an app that has no such action, `none` says why.
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
    /// Why the app has no such action, such as `none: it calls Klaviyo only when a page is opened`. Items that need the action do not
    /// apply then, and the report shows the reason.
    pub none: Option<String>,
    /// Headers of the request, such as `Authorization: Bearer ${JOB_TOKEN}`.
    pub headers: BTreeMap<String, String>,
}

/// How an action is started.
#[derive(Debug, Clone, Copy)]
pub enum ActionKind<'a> {
    /// By a GET of this URL.
    Get(&'a str),
    /// By a POST to this URL.
    Post(&'a str),
    /// By this command.
    Run(&'a str),
}

impl AppAction {
    /// An action started by a GET of this URL.
    pub fn get(address: &str) -> Self {
        Self { get: Some(address.to_owned()), ..Self::default() }
    }

    /// How it is started. None where the file names no way or several, which the semantic check refuses.
    pub fn kind(&self) -> Option<ActionKind<'_>> {
        match (&self.get, &self.post, &self.run) {
            (Some(address), None, None) => Some(ActionKind::Get(address)),
            (None, Some(address), None) => Some(ActionKind::Post(address)),
            (None, None, Some(command)) => Some(ActionKind::Run(command)),
            _ => None,
        }
    }

    /// The URL that it requests; none for a command.
    pub fn address(&self) -> Option<&str> {
        self.get.as_deref().or(self.post.as_deref())
    }
}
