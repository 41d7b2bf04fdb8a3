//! Evidence that ends too early: a run that was interrupted, a scenario that took too long.
//!
//! What was not seen is held against the app only where it would have been seen by then.

use flowcheck::checklist::{Verdict, VerdictKind, catalogue};
use flowcheck::evidence::{Entry, Event, Evidence, HarnessError};

use crate::recordings::{HONEST, honest, judge, recorded};

#[test]
fn the_honest_app_fails_nothing_however_early_the_evidence_ends() {
    for one in honest() {
        for length in 0..one.evidence.timeline.len() {
            let early = cut(&one.evidence, length);
            for item in catalogue().iter().filter(|item| one.expects(item.id)) {
                let verdict = judge(item.id, &early);
                let fine = match &verdict {
                    Verdict::Pass(_) | Verdict::NotApplicable(_) => true,
                    Verdict::NotRun { blocked_by, .. } => blocked_by.is_none(),
                    Verdict::Fail(_) | Verdict::Warn(_) | Verdict::Review(_) => false,
                };
                assert!(fine, "{} cut at {length}, {}: {verdict:?}", one.scenario, item.id);
            }
        }
    }
}

#[test]
fn what_fails_passes_on_no_part_of_its_evidence() {
    for one in recorded().into_iter().filter(|one| one.defect != HONEST) {
        let failing = catalogue().iter().filter(|item| one.expects(item.id));
        for item in failing.filter(|item| one.verdict(item.id).kind() != VerdictKind::Pass) {
            for length in 0..one.evidence.timeline.len() {
                let verdict = judge(item.id, &cut(&one.evidence, length));
                let passed = matches!(verdict, Verdict::Pass(_));
                assert!(!passed, "{} cut at {length}, {}: {verdict:?}", one.defect, item.id);
            }
        }
    }
}

#[test]
fn what_failed_once_goes_on_failing() {
    for one in recorded() {
        for item in catalogue().iter().filter(|item| one.expects(item.id)) {
            let mut failed = false;
            for length in 0..=one.evidence.timeline.len() {
                let fails = judge(item.id, &cut(&one.evidence, length)).kind() == VerdictKind::Fail;
                assert!(fails || !failed, "{} {} no longer fails at {length}", one.defect, item.id);
                failed = fails;
            }
        }
    }
}

#[test]
fn what_passed_once_goes_on_passing_and_nothing_passes_before_anything_was_done() {
    for one in honest() {
        let first_step = one.evidence.timeline.iter().position(|entry| matches!(entry.event, Event::Step(_)));
        for item in catalogue().iter().filter(|item| one.expects(item.id)) {
            let mut passed = false;
            for length in 0..=one.evidence.timeline.len() {
                let now = judge(item.id, &cut(&one.evidence, length)).kind() == VerdictKind::Pass;
                assert!(now || !passed, "{} {} no longer passes at {length}", one.scenario, item.id);
                assert!(!now || Some(length) > first_step, "{} {} passes at {length}", one.scenario, item.id);
                passed = now;
            }
        }
    }
}

#[test]
fn the_harness_own_words_say_why_an_item_was_not_run() {
    let trouble = "the scenario took longer than 90s and was cut short";
    for one in honest() {
        let mut early = cut(&one.evidence, 9);
        let entry = Entry { seq: 9, at_ms: 0, event: Event::HarnessError(HarnessError { what: trouble.to_owned() }) };
        early.timeline.push(entry);
        for item in catalogue().iter().filter(|item| one.expects(item.id)) {
            match judge(item.id, &early) {
                Verdict::NotRun { reason, blocked_by: None } => {
                    assert!(reason.to_string().ends_with(trouble), "{}: {reason}", item.id);
                }
                other => panic!("{}: {other:?}", item.id),
            }
        }
    }
}

fn cut(evidence: &Evidence, length: usize) -> Evidence {
    Evidence { setup: evidence.setup.clone(), timeline: evidence.timeline[..length].to_vec() }
}
