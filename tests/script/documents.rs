//! The references in `docs/` hold, and name everything.

use flowcheck::scenario::{app_schema, parse_app_with, parse_scenario, scenario_schema};
use serde_json::Value;

const SCENARIOS: &str = include_str!("../../docs/scenarios.md");
const APP: &str = include_str!("../../docs/flowcheck-yaml.md");

#[test]
fn their_samples_are_sound() {
    for sample in samples(SCENARIOS) {
        parse_scenario("docs/scenarios.md", sample).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    }
    for sample in samples(APP) {
        // Letters alone are a secret of one-time passwords, too.
        let read = parse_app_with("docs/flowcheck-yaml.md", sample, &|name| Some(name.replace('_', "")));
        read.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    }
}

#[test]
fn they_name_every_field_and_every_word() {
    for (document, schema) in [(SCENARIOS, scenario_schema()), (APP, app_schema())] {
        let mut words = Vec::new();
        words_of(&schema, &mut words);
        assert!(words.len() > 20);
        for word in words {
            let named = document.contains(&format!("`{word}")) || document.contains(&format!(": {word}`"));
            assert!(named, "`{word}` is not in the reference");
        }
    }
}

fn samples(document: &str) -> impl Iterator<Item = &str> {
    document.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap())
}

fn words_of<'s>(schema: &'s Value, words: &mut Vec<&'s str>) {
    match schema {
        Value::Object(members) => {
            words.extend(members.get("const").and_then(Value::as_str));
            words.extend(members.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str));
            if let Some(Value::Object(fields)) = members.get("properties") {
                words.extend(fields.keys().map(String::as_str));
            }
            members.values().for_each(|member| words_of(member, words));
        }
        Value::Array(items) => items.iter().for_each(|item| words_of(item, words)),
        _ => {}
    }
}
