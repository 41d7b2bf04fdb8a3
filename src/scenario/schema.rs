//! The JSON Schemas of the files, for editors and for flowcheck's own check.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::app_file::AppFile;
use super::script::Script;

/// The schema of a scenario.
pub(super) static SCENARIO: LazyLock<Value> = LazyLock::new(|| schema_of::<Script>("flowcheck scenario"));
/// The schema of `flowcheck.yaml`.
pub(super) static APP: LazyLock<Value> = LazyLock::new(|| schema_of::<AppFile>("flowcheck.yaml"));

/// JSON Schema, draft 2020-12, of a scenario.
pub fn scenario_schema() -> Value {
    SCENARIO.clone()
}

/// JSON Schema, draft 2020-12, of `flowcheck.yaml`.
pub fn app_schema() -> Value {
    APP.clone()
}

fn schema_of<T: JsonSchema>(title: &str) -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}
