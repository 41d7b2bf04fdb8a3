//! `flowcheck schema`: JSON Schemas, for editors and for programs that read reports.

use crate::cli::Exit;
use crate::cli::arguments::SchemaOf;
use crate::cli::terminal::console;
use crate::report::report_schema;
use crate::scenario::{app_schema, scenario_schema};

/// Prints a schema.
pub(in crate::cli) fn schema(of: SchemaOf) -> Exit {
    let schema = match of {
        SchemaOf::Scenario => scenario_schema(),
        SchemaOf::App => app_schema(),
        SchemaOf::Report => report_schema(),
    };
    console::print_json(format_args!("{schema:#}"));
    Exit::Good
}
