//! What `flowcheck.yaml` says of something that not every app has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `flowcheck.yaml` says of something that not every app has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Declared {
    /// The app has it, and the file says how it is used.
    #[default]
    Given,
    /// Nothing: the app may have it or not.
    Nothing,
    /// The app does not have it; why.
    Absent(String),
}

impl Declared {
    /// What a file says in which something is given, or a reason why the app does not have it.
    pub fn of(given: bool, absent: Option<&str>) -> Self {
        match absent {
            _ if given => Self::Given,
            Some(reason) => Self::Absent(reason.trim().to_owned()),
            None => Self::Nothing,
        }
    }
}
