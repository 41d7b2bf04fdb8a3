//! A value with its position in a file.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

/// A value with its position in the file it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "serde_yaml::Spanned<T>")]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl<T> From<serde_yaml::Spanned<T>> for Spanned<T> {
    fn from(spanned: serde_yaml::Spanned<T>) -> Self {
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let (line, column) = (narrow(spanned.defined.line()), narrow(spanned.defined.column()));
        Self { value: spanned.value, line, column }
    }
}

impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }
}
