//! The form of the JSON report, for programs that read it.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::checklist::Outcome;
use crate::report::formats::json::Document;

/// JSON Schema, draft 2020-12, of the JSON report and of a kept run's `run.json`.
pub fn report_schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Document<'static>>();
    schema.insert("title".to_owned(), "flowcheck run".into());
    let version = Outcome::VERSION;
    let what = format!(
        "A run of flowcheck: what it comes to, its items, and its scenarios with their evidence. Version {version}."
    );
    schema.insert("description".to_owned(), what.into());
    let mut schema = schema.to_value();
    schema["properties"]["version"]["const"] = version.into();
    schema
}
