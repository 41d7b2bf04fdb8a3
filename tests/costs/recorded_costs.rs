//! Costs beside those that are recorded.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// By how many of a hundred parts a cost may differ from what is recorded.
const SLACK: u64 = 5;
/// Set to record anew.
const WRITE: &str = "FLOWCHECK_WRITE";

/// What each path costs, by its name.
pub(crate) type Costs = BTreeMap<String, Cost>;

/// What one turn of a path asks the allocator for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// How often it asks.
    pub(crate) allocations: u64,
    /// For how much in all.
    pub(crate) bytes: u64,
}

/// Panics where a cost is not what is recorded; or records it, where that is asked for.
pub(crate) fn hold(seen: &Costs) {
    if std::env::var_os(WRITE).is_some() {
        let text = serde_json::to_string_pretty(seen).expect("names are text");
        std::fs::write(file(), text + "\n").expect("it can be written");
        return;
    }
    let text = std::fs::read_to_string(file()).expect("it can be read");
    let expected: Costs = serde_json::from_str(&text).expect("costs are recorded there");
    if let Some(complaint) = compared(&expected, seen) {
        panic!("{complaint}");
    }
}

/// What is wrong, where something is.
pub(crate) fn compared(expected: &Costs, seen: &Costs) -> Option<String> {
    let names = expected.keys().chain(seen.keys().filter(|name| !expected.contains_key(*name)));
    let lines: Vec<String> = names.filter_map(|name| line(name, expected.get(name), seen.get(name))).collect();
    if lines.is_empty() {
        return None;
    }
    let advice = format!(
        "A cost may differ by {SLACK} of 100. Find out where it comes from; where it is meant, or has fallen, record it \
         anew by `make costs`."
    );
    Some(format!("\n{}\n{advice}", lines.join("\n")))
}

fn line(name: &str, expected: Option<&Cost>, seen: Option<&Cost>) -> Option<String> {
    match (expected, seen) {
        (Some(expected), Some(seen)) if expected.is_about(seen) => None,
        (Some(expected), Some(seen)) => Some(format!("{name}: expected {expected}, saw {seen}")),
        (Some(_), None) => Some(format!("{name}: recorded, and not measured any more")),
        _ => Some(format!("{name}: measured, and not recorded yet")),
    }
}

impl Cost {
    fn is_about(&self, other: &Self) -> bool {
        near(self.allocations, other.allocations) && near(self.bytes, other.bytes)
    }
}

fn near(expected: u64, seen: u64) -> bool {
    expected.abs_diff(seen) * 100 <= expected * SLACK
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} allocations of {} bytes", self.allocations, self.bytes)
    }
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/costs/recorded.json")
}

fn costs(all: &[(&str, u64, u64)]) -> Costs {
    all.iter()
        .map(|(name, allocations, bytes)| ((*name).to_owned(), Cost { allocations: *allocations, bytes: *bytes }))
        .collect()
}

#[test]
fn a_cost_that_rises_or_falls_by_more_is_told_with_how_to_record_it_anew() {
    let expected = costs(&[("asking", 100, 2_000), ("telling", 10, 100)]);
    assert_eq!(compared(&expected, &costs(&[("asking", 105, 1_900), ("telling", 10, 100)])), None);
    for seen in [(106, 2_000), (94, 2_000), (100, 2_101), (100, 1_899)] {
        let complaint = compared(&expected, &costs(&[("asking", seen.0, seen.1), ("telling", 10, 100)]));
        let complaint = complaint.expect("it is too far off");
        let line =
            format!("asking: expected 100 allocations of 2000 bytes, saw {} allocations of {} bytes", seen.0, seen.1);
        assert!(complaint.contains(&line) && complaint.contains("make costs"), "{complaint}");
        assert!(!complaint.contains("telling"), "{complaint}");
    }
}

#[test]
fn a_path_that_is_new_or_gone_is_told() {
    let (one, two) = (costs(&[("asking", 1, 1)]), costs(&[("telling", 1, 1)]));
    let complaint = compared(&one, &two).expect("they differ");
    assert!(complaint.contains("asking: recorded, and") && complaint.contains("telling: measured, and"), "{complaint}");
}
