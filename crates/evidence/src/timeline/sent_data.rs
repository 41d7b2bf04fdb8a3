//! What a call sent for Klaviyo to keep: the names and types of it, and none of its values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// Lists, profiles and events of a request body, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SentData {
    /// Names given to lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<SmolStr>,
    /// How many profiles it is about, those of its events left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub profiles: usize,
    /// Names of custom properties of profiles, those of its events included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profile_properties: Vec<SmolStr>,
    /// Its events, by their metrics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<SentMetric>,
}

/// The events of one metric in a request body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SentMetric {
    /// The metric's name.
    pub name: SmolStr,
    /// How many events.
    pub events: usize,
    /// Properties of these events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<SentProperty>,
}

/// One property of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SentProperty {
    /// Its name.
    pub name: SmolStr,
    /// The types of its values in these events, each once; none where all were null or an empty text.
    pub types: Vec<ValueType>,
}

/// The JSON type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ValueType {
    /// A string.
    Text,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// An array.
    List,
    /// An object.
    Object,
}

impl SentData {
    /// Names of one kind that are kept of a call.
    pub const MOST_NAMES: usize = 100;

    /// Whether there is nothing of the kind in a body.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.profiles == 0 && self.profile_properties.is_empty() && self.metrics.is_empty()
    }

    /// How many events it has.
    pub fn events(&self) -> usize {
        self.metrics.iter().map(|metric| metric.events).sum()
    }
}

impl ValueType {
    /// The type in words: `a number`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it asks about by reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
