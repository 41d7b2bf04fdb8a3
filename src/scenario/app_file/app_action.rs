//! Something the app is made to do: by an address, or by a command.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// What makes the app do something: one of `get`, `post` and `run`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AppAction {
    /// An address to GET; it answers when the work is done.
    pub get: Option<String>,
    /// An address to POST to, with nothing in the body; it answers when the work is done.
    pub post: Option<String>,
    /// A command, which ends when the work is done; program and arguments, without a shell.
    pub run: Option<String>,
    /// Headers that go with the request.
    pub headers: BTreeMap<String, String>,
}

/// How an action is done.
#[derive(Debug, Clone, Copy)]
pub enum ActionKind<'a> {
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
    pub fn kind(&self) -> Option<ActionKind<'_>> {
        match (&self.get, &self.post, &self.run) {
            (Some(address), None, None) => Some(ActionKind::Get(address)),
            (None, Some(address), None) => Some(ActionKind::Post(address)),
            (None, None, Some(command)) => Some(ActionKind::Run(command)),
            _ => None,
        }
    }

    /// The address it asks, where it asks one.
    pub fn address(&self) -> Option<&str> {
        self.get.as_deref().or(self.post.as_deref())
    }
}
