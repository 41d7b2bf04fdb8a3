//! An event of WebDriver BiDi.

use serde_json::Value;

/// A method and its parameters.
pub(super) type Event = (&'static str, Value);
