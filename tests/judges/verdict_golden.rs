//! The verdict of every item on every recording: which kind it is, and who is to blame.
//!
//! Words may be written anew and evidence may be stored otherwise; what is said of an app must not change by it. The golden
//! changes only together with a judge, and its difference shows what the change means.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use flowcheck::checklist::{Verdict, catalogue};

use crate::recordings::{Recorded, judge, recorded};

#[test]
fn verdicts_on_the_recordings_are_the_golden_ones() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("verdicts", table());
    });
}

/// A block for each recording: each kind of verdict with its items, in the catalogue's order.
fn table() -> String {
    let mut text = String::new();
    for one in recorded() {
        writeln!(text, "{} in {}", one.defect, one.scenario).expect("text takes all");
        for (kind, items) in kinds(&one) {
            writeln!(text, "  {kind}: {}", items.join(" ")).expect("text takes all");
        }
    }
    text
}

/// The items by the kind of their verdict. Those that the scenario is there to judge are judged together, as in a run, and each
/// other one by itself.
fn kinds(one: &Recorded) -> BTreeMap<String, Vec<&'static str>> {
    let expected: BTreeSet<&str> = catalogue().iter().map(|item| item.id).filter(|item| one.expects(item)).collect();
    let together: BTreeMap<&str, Verdict> = one.verdicts().into_iter().collect();
    let mut kinds: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for item in catalogue() {
        let verdict = together.get(item.id).cloned().unwrap_or_else(|| judge(item.id, &one.evidence));
        let whose = if expected.contains(item.id) { "" } else { "elsewhere, " };
        let blame = verdict.finding().map(|finding| format!(" ({})", finding.blame.word())).unwrap_or_default();
        kinds.entry(format!("{whose}{}{blame}", verdict.kind().word())).or_default().push(item.id);
    }
    kinds
}
