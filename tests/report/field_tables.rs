//! The field and step tables of docs/scenarios.md and docs/flowcheck-yaml.md, generated from the schemas of the types that read the files.
//!
//! A page marks each table: `<!-- table: scenario Given -->` … `<!-- /table -->`, with the schema and the type's name.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use flowcheck::scenario::{app_schema, scenario_schema};
use serde_json::{Map, Value};

/// The pages, with the schema whose types each documents.
const PAGES: [(&str, &str); 2] = [("docs/scenarios.md", "scenario"), ("docs/flowcheck-yaml.md", "app")];
const BEGIN: &str = "<!-- table: ";
const END: &str = "<!-- /table -->";
/// From this number of values on, an enum is not listed within a field's row.
const MANY: usize = 10;

/// A row of a table: a field or a step.
struct Row {
    name: String,
    /// `required`, a value, or nothing.
    default: String,
    description: String,
}

fn schema(name: &str) -> Value {
    match name {
        "scenario" => scenario_schema(),
        "app" => app_schema(),
        other => panic!("there is no schema {other}"),
    }
}

/// The type of this name in a schema; the file as a whole is `File`.
fn definition<'a>(schema: &'a Value, name: &str) -> &'a Value {
    if name == "File" { schema } else { &schema["$defs"][name] }
}

/// What a reference, an optional value or a list is about.
fn target<'a>(schema: &'a Value, value: &'a Value) -> &'a Value {
    if let Some(reference) = value["$ref"].as_str() {
        let name = reference.rsplit('/').next().expect("a reference names a type");
        return target(schema, definition(schema, name));
    }
    let options = value["anyOf"].as_array().into_iter().flatten();
    if let Some(option) = options.into_iter().find(|option| option["type"] != "null") {
        return target(schema, option);
    }
    if value["items"].is_object() { target(schema, &value["items"]) } else { value }
}

/// A description on one line, without its full stop.
fn description(value: &Value) -> String {
    let text = value["description"].as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    text.strip_suffix('.').unwrap_or(&text).replace('|', "\\|")
}

/// The variants of an enum: what is written, its description, and what stands behind a variant that has a value.
fn variants(value: &Value) -> Vec<(String, String, Option<&Value>)> {
    let mut found = Vec::new();
    for variant in value["oneOf"].as_array().into_iter().flatten() {
        if let Some(word) = variant["const"].as_str() {
            found.push((word.to_owned(), description(variant), None));
        } else if let Some((word, value)) = variant["properties"].as_object().and_then(|fields| fields.iter().next()) {
            found.push((word.clone(), description(variant), Some(value)));
        }
    }
    found
}

fn default(field: &Value, is_required: bool) -> String {
    match &field["default"] {
        _ if is_required => "required".to_owned(),
        Value::String(text) => format!("`{text}`"),
        value @ (Value::Bool(_) | Value::Number(_)) => format!("`{value}`"),
        _ => String::new(),
    }
}

fn field_rows(schema: &Value, definition: &Value) -> Vec<Row> {
    let required: Vec<&str> =
        definition["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let fields: &Map<String, Value> = definition["properties"].as_object().expect("the type has fields");
    let is_required = |name: &str| required.contains(&name);
    let (first, last): (Vec<_>, Vec<_>) = fields.iter().partition(|(name, _)| is_required(name));
    first
        .into_iter()
        .chain(last)
        .map(|(name, field)| {
            let mut text = description(field);
            let words = variants(target(schema, field));
            // Steps have a table of their own.
            for (word, told, value) in words.iter().filter(|_| words.len() < MANY) {
                let value = if value.is_some() { ": …" } else { "" };
                write!(text, "<br>`{word}{value}`: {told}").expect("text takes all");
            }
            let default = default(field, is_required(name));
            Row { name: format!("`{name}`"), default, description: text }
        })
        .collect()
}

fn step_rows(schema: &Value) -> Vec<Row> {
    let row =
        |name: String, description: &str| Row { name, default: String::new(), description: description.to_owned() };
    let mut rows = Vec::new();
    for (step, told, value) in variants(definition(schema, "Step")) {
        let Some(value) = value else {
            rows.push(row(format!("`{step}`"), &told));
            continue;
        };
        let value = target(schema, value);
        let words = variants(value);
        match (words.as_slice(), value["type"].as_str()) {
            ([], Some("object")) => rows.push(row(format!("`{step}: {{ … }}`"), &told)),
            ([], Some("integer")) => rows.push(row(format!("`{step}: NUMBER`"), &told)),
            ([], _) => rows.push(row(format!("`{step}: DURATION`"), &told)),
            (words, _) => {
                rows.push(row(format!("`{step}: …`"), &told));
                rows.extend(words.iter().map(|(word, told, _)| row(format!("`{step}: {word}`"), told)));
            }
        }
    }
    rows
}

/// A table in Markdown; without the column of defaults where no row has one.
fn table(marker: &str) -> String {
    let (schema_name, type_name) = marker.split_once(' ').expect("a marker names a schema and a type");
    let schema = schema(schema_name);
    let steps = type_name == "Step";
    let rows = if steps { step_rows(&schema) } else { field_rows(&schema, definition(&schema, type_name)) };
    let first = if steps { "Step" } else { "Field" };
    let has_defaults = rows.iter().any(|row| !row.default.is_empty());
    let mut out = if has_defaults {
        format!("| {first} | Default | Description |\n|---|---|---|\n")
    } else {
        format!("| {first} | Description |\n|---|---|\n")
    };
    for Row { name, default, description } in rows {
        assert!(!description.is_empty(), "{marker}: {name} has no description");
        let default = if has_defaults { format!(" {default} |").replace("  |", " |") } else { String::new() };
        writeln!(out, "| {name} |{default} {description} |").expect("text takes all");
    }
    out
}

/// A page with all its tables generated, and the types that they are about.
fn generated(text: &str) -> (String, BTreeSet<String>) {
    let (mut out, mut types) = (String::new(), BTreeSet::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (marker, after) = after.split_once(" -->\n").expect("a marker ends on its line");
        let (_, after) = after.split_once(END).unwrap_or_else(|| panic!("the table {marker} has no end"));
        write!(out, "{before}{BEGIN}{marker} -->\n\n{}\n{END}", table(marker)).expect("text takes all");
        types.insert(marker.split_once(' ').expect("two words").1.to_owned());
        rest = after;
    }
    out.push_str(rest);
    (out, types)
}

fn file(page: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(page)
}

#[test]
fn the_field_and_step_tables_are_up_to_date() {
    for (page, _) in PAGES {
        let text = fs::read_to_string(file(page)).expect("the page is there");
        let (fresh, _) = generated(&text);
        if std::env::var_os("FLOWCHECK_WRITE").is_some() {
            fs::write(file(page), &fresh).expect("the page can be written");
            continue;
        }
        assert!(text == fresh, "{page} is out of date: make docs");
    }
}

#[test]
fn every_type_that_has_fields_has_a_table() {
    for (page, schema_name) in PAGES {
        let text = fs::read_to_string(file(page)).expect("the page is there");
        let (_, types) = generated(&text);
        let schema = schema(schema_name);
        let with_fields =
            schema["$defs"].as_object().into_iter().flatten().filter(|(_, one)| one["properties"].is_object());
        let mut needed: BTreeSet<String> = with_fields.map(|(name, _)| name.clone()).collect();
        needed.insert("File".to_owned());
        let missing: Vec<_> = needed.difference(&types).collect();
        assert!(missing.is_empty(), "{page} has no table for {missing:?}");
    }
}
