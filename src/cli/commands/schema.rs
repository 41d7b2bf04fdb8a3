//! `flowcheck schema`: JSON Schemas, for editors and for programs that read reports.

use crate::cli::arguments::SchemaOf;
use crate::cli::{Exit, screen};
use crate::report::report_schema;
use crate::scenario::{app_schema, scenario_schema};

/// Prints a schema.
pub(super) fn schema(of: SchemaOf) -> Exit {
    let schema = match of {
        SchemaOf::Scenario => scenario_schema(),
        SchemaOf::App => app_schema(),
        SchemaOf::Report => report_schema(),
    };
    screen::say(format_args!("{schema:#}"));
    Exit::Good
}
