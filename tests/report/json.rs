//! JSON.

use flowcheck::checklist::{Outcome, Verdict};
use flowcheck::report::{JSON_VERSION, json};
use serde_json::Value;

use super::sample::sample;

#[test]
fn the_result_and_the_items() {
    let document: Value = serde_json::from_str(&json(&sample())).unwrap();
    assert_eq!(document["version"], JSON_VERSION);
    insta::assert_json_snapshot!(document, {
        ".run.flowcheck" => "[version]",
        ".scenarios[].evidence" => "[evidence]",
        ".by_hand" => "[by hand]",
    });
}

#[test]
fn the_outcome_can_be_read_back() {
    let outcome = sample();
    let back: Outcome = serde_json::from_str(&json(&outcome)).unwrap();
    assert_eq!(json(&back), json(&outcome));
    assert!(matches!(back.scenarios[1].items[1].verdict, Verdict::Fail(_)));
    let timeline = |outcome: &Outcome| outcome.scenarios[1].evidence.as_ref().unwrap().timeline.len();
    assert_eq!(timeline(&back), timeline(&outcome));
}
