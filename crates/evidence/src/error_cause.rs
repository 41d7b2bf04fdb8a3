//! What an error message says went wrong.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an error message says went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCause {
    /// Permission was not given.
    Denied,
    /// It took too long.
    Expired,
    /// Something else, or nothing that it says.
    Other,
}
