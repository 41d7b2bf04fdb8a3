//! Validates a tree against a JSON Schema: unknown fields, missing fields, values of the wrong type.
//!
//! Supports the part of JSON Schema that schemars generates for this room's types.

use std::ops::Range;

use serde_json::Value;

use super::tree::{Kind, Node};
use crate::scenario::diagnostic::{Diagnostic, Source, quote};
use crate::scenario::human_duration::HumanDuration;
use crate::scenario::suggestion::{list, nearest, suggest};

/// Every difference between a tree and the schema. `whole` is what messages call the document: `the scenario`.
pub(crate) fn check_schema(source: &Source, tree: &Node, schema: &Value, whole: &str) -> Vec<Diagnostic> {
    let mut checker = Checker { source, schema, errors: Vec::new() };
    let subject = Subject { name: whole.to_owned(), span: tree.span.clone() };
    checker.value(tree, schema, &subject);
    checker.errors
}

struct Checker<'a> {
    source: &'a Source,
    schema: &'a Value,
    errors: Vec<Diagnostic>,
}

/// What messages call a value, and what to underline if it is missing.
struct Subject {
    name: String,
    span: Range<usize>,
}

/// An allowed word, and the schema of its value, if it takes one.
struct Choice<'a> {
    word: &'a str,
    object: Option<&'a Value>,
}

impl<'a> Checker<'a> {
    fn value(&mut self, node: &Node, schema: &'a Value, subject: &Subject) {
        let schema = self.resolve(schema);
        if let Some(inner) = optional(schema) {
            if !node.is_null() {
                self.value(node, inner, subject);
            }
            return;
        }
        if node.is_null() && is_nullable(schema) {
            return;
        }
        if node.is_null() {
            let message = format!("{} has no value", subject.name);
            self.report(&subject.span, message, "", Some(format!("write {} after the colon", self.expected(schema))));
            return;
        }
        let choices = choices(schema);
        if !choices.is_empty() {
            return self.choice(node, &choices, subject);
        }
        match (kind_of(schema), &node.kind) {
            ("object", Kind::Mapping(_)) => self.fields(node, schema, subject),
            ("array", Kind::Sequence(items)) => {
                for item in items {
                    let subject = Subject { name: entry_of(&subject.name), span: item.span.clone() };
                    self.value(item, &schema["items"], &subject);
                }
            }
            ("string", Kind::Scalar { text, .. }) => {
                if schema["format"] == "human-duration" && text.parse::<HumanDuration>().is_err() {
                    let message = format!("{} is not a duration", self.source.quote(&node.span));
                    self.report(
                        &node.span,
                        message,
                        "",
                        Some("write a whole number and s, m, h or d, as in 90s or 6m".to_owned()),
                    );
                }
            }
            ("boolean", Kind::Scalar { .. }) if node.as_bool().is_some() => {}
            ("integer", Kind::Scalar { .. }) if node.as_integer().is_some_and(|number| fits(number, schema)) => {}
            _ => {
                let message = format!("{} must be {}", subject.name, self.expected(schema));
                self.report(&node.span, message, actual_kind(node), advice(schema, node));
            }
        }
    }

    fn fields(&mut self, node: &Node, schema: &'a Value, subject: &Subject) {
        let Kind::Mapping(entries) = &node.kind else { return };
        let Some(known) = schema["properties"].as_object() else {
            for entry in entries {
                let subject = Subject { name: quote(&entry.key), span: entry.key_span.clone() };
                self.value(&entry.value, &schema["additionalProperties"], &subject);
            }
            return;
        };
        let free: Vec<&str> = known.keys().map(String::as_str).filter(|field| node.get(field).is_none()).collect();
        let mut meant = Vec::new();
        for entry in entries {
            let Some(subschema) = known.get(&entry.key) else {
                let message = format!("{} is not known in {}", quote(&entry.key), subject.name);
                let help = if free.is_empty() { "remove it".to_owned() } else { suggest(&entry.key, &free) };
                self.report(&entry.key_span, message, "", Some(help));
                meant.extend(nearest(&entry.key, free.iter().copied()));
                continue;
            };
            let subject = Subject { name: quote(&entry.key), span: entry.key_span.clone() };
            self.value(&entry.value, subschema, &subject);
        }
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for field in required.filter(|field| node.get(field).is_none() && !meant.contains(field)) {
            let message = format!("`{field}` is missing from {}", subject.name);
            let first = entries.first().map_or(&subject.span, |entry| &entry.key_span);
            let span = if subject.span == node.span { first } else { &subject.span };
            let about = sentence(known[field]["description"].as_str().unwrap_or_default());
            let help = if about.is_empty() { String::new() } else { format!(" with this: {about}") };
            self.report(span, message, "", Some(format!("add a line `{field}:`{help}")));
        }
    }

    fn choice(&mut self, node: &Node, choices: &[Choice<'a>], subject: &Subject) {
        let (said, span, object) = match &node.kind {
            Kind::Scalar { text, .. } => (text, &node.span, None),
            Kind::Mapping(entries) if entries.len() == 1 => {
                (&entries[0].key, &entries[0].key_span, Some(&entries[0].value))
            }
            Kind::Mapping(entries) if entries.len() > 1 => {
                let message = format!("{} has more than one name", subject.name);
                let help = "write each as an entry of its own, beginning with `- `";
                return self.report(&entries[1].key_span, message, "the second one", Some(help.to_owned()));
            }
            Kind::Mapping(_) | Kind::Sequence(_) => {
                let words: Vec<_> = choices.iter().map(|choice| choice.word).collect();
                let message = format!("{} must be one of {}", subject.name, list(&words));
                return self.report(&node.span, message, actual_kind(node), None);
            }
        };
        let Some(choice) = choices.iter().find(|choice| choice.word == said) else {
            let words: Vec<_> = choices.iter().map(|choice| choice.word).collect();
            let what = if subject.name.starts_with('`') { "a value of " } else { "" };
            let message = format!("{} is not {what}{}", self.source.quote(span), subject.name);
            let help = match said.split_once(':') {
                Some((word, object)) if words.contains(&word) => {
                    format!("put a space after the colon: `{word}: {object}`")
                }
                _ => suggest(said, &words),
            };
            return self.report(span, message, "", Some(help));
        };
        let word = choice.word;
        let own = Subject { name: format!("`{word}`"), span: span.clone() };
        match (choice.object, object) {
            (None, None) => {}
            (Some(subschema), Some(value)) => self.value(value, subschema, &own),
            (Some(subschema), None) => {
                let help = format!("write `{word}: …` with {}", self.expected(subschema));
                self.report(span, format!("`{word}` needs a value"), "", Some(help));
            }
            (None, Some(value)) => {
                let span = if value.is_null() { span } else { &value.span };
                self.report(
                    span,
                    format!("`{word}` takes no value"),
                    "",
                    Some(format!("write `{word}` alone, without a colon")),
                );
            }
        }
    }

    /// What a schema expects, in words.
    fn expected(&self, schema: &'a Value) -> String {
        let schema = self.resolve(schema);
        if let Some(inner) = optional(schema) {
            return self.expected(inner);
        }
        let words: Vec<_> = choices(schema).iter().map(|choice| choice.word).collect();
        if !words.is_empty() {
            return format!("one of {}", list(&words));
        }
        match kind_of(schema) {
            "array" => "a list".to_owned(),
            "object" => "fields, one `name: value` on each line".to_owned(),
            "boolean" => "`true` or `false`".to_owned(),
            "integer" => format!("a whole number from {} to {}", schema["minimum"], schema["maximum"]),
            _ if schema["format"] == "human-duration" => "a duration, as in 90s or 6m".to_owned(),
            _ => "text".to_owned(),
        }
    }

    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let named = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
        named.and_then(|path| self.schema.pointer(path)).unwrap_or(schema)
    }

    fn report(&mut self, span: &Range<usize>, message: String, label: &str, help: Option<String>) {
        let error = self.source.error(span, message, label);
        self.errors.push(match help {
            Some(help) => error.help(help),
            None => error,
        });
    }
}

fn kind_of(schema: &Value) -> &str {
    schema["type"].as_str().unwrap_or_else(|| schema["type"][0].as_str().unwrap_or_default())
}

/// The schema of a value that may also be null.
fn optional(schema: &Value) -> Option<&Value> {
    let either = schema["anyOf"].as_array()?;
    either
        .iter()
        .find(|subschema| subschema["type"] != "null")
        .filter(|_| either.iter().any(|subschema| subschema["type"] == "null"))
}

/// Whether a value may be null.
fn is_nullable(schema: &Value) -> bool {
    schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"))
}

/// What messages call an entry of a list.
fn entry_of(list: &str) -> String {
    match list {
        "`steps`" => "a step".to_owned(),
        "`users`" => "a user".to_owned(),
        "`tenants`" => "a tenant".to_owned(),
        "`scopes`" => "a scope".to_owned(),
        _ => format!("an entry of {list}"),
    }
}

fn choices(schema: &Value) -> Vec<Choice<'_>> {
    let forms = schema["oneOf"].as_array().map_or_else(|| std::slice::from_ref(schema), Vec::as_slice);
    let mut choices = Vec::new();
    for subschema in forms {
        let words = subschema["enum"].as_array().into_iter().flatten().chain(subschema.get("const"));
        choices.extend(words.filter_map(Value::as_str).map(|word| Choice { word, object: None }));
        let tagged =
            subschema["properties"].as_object().filter(|fields| schema["oneOf"].is_array() && fields.len() == 1);
        choices.extend(tagged.into_iter().flatten().map(|(word, object)| Choice { word, object: Some(object) }));
    }
    choices
}

fn fits(number: u64, schema: &Value) -> bool {
    schema["minimum"].as_u64().is_none_or(|least| number >= least)
        && schema["maximum"].as_u64().is_none_or(|most| number <= most)
}

fn actual_kind(node: &Node) -> &'static str {
    match node.kind {
        Kind::Mapping(_) => "this has fields",
        Kind::Sequence(_) => "this is a list",
        Kind::Scalar { .. } => "",
    }
}

fn advice(schema: &Value, node: &Node) -> Option<String> {
    match (kind_of(schema), &node.kind) {
        ("array", _) => Some("write one `- …` line for each entry".to_owned()),
        ("string", Kind::Mapping(_)) => Some("text with a colon or braces needs quotes".to_owned()),
        ("string", Kind::Sequence(_)) => Some("text that begins with a bracket or a dash needs quotes".to_owned()),
        ("boolean" | "integer", Kind::Scalar { plain: false, .. }) => Some("write it without quotes".to_owned()),
        _ => None,
    }
}

/// The first sentence of a description, on one line.
fn sentence(description: &str) -> String {
    let line = description.split_whitespace().collect::<Vec<_>>().join(" ");
    line.split_once(". ").map_or(line.as_str(), |(first, _)| first).trim_end_matches('.').to_owned()
}
