//! `JUnit`'s XML.

use flowcheck::checklist::{Outcome, Verdict, VerdictKind};
use flowcheck::report::junit;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::sample::sample;

#[test]
fn a_suite_per_scenario_and_a_case_per_item() {
    insta::assert_snapshot!(junit(&sample(), Some("reports/latest/shots")));
}

#[test]
fn it_is_xml_and_counts_add_up() {
    let mut outcome = sample();
    outcome.scenarios[0].title = "<script>alert(\"&\")</script> \u{1}\u{1b}[2J".into();
    let xml = junit(&outcome, None);
    let mut reader = Reader::from_str(&xml);
    let (mut suites, mut cases, mut failures, mut errors, mut skipped) = (0, 0, 0, 0, 0);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                b"testsuite" => suites += 1,
                b"testcase" => cases += 1,
                b"failure" => failures += 1,
                b"error" => errors += 1,
                b"skipped" => skipped += 1,
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    let items: usize = outcome.scenarios.iter().map(|scenario| scenario.items.len()).sum();
    let of = |kind| verdicts(&outcome).filter(|verdict| verdict.kind() == kind).count();
    // The scenario that broke has a case of its own, which is an error.
    assert_eq!((suites, cases, errors), (7, items + 1, 1));
    assert_eq!((failures, skipped), (of(VerdictKind::Fail), of(VerdictKind::NotRun) + of(VerdictKind::NotApplicable)));
    assert!(failures == 3 && skipped > 5, "{failures} failures, {skipped} skipped");
}

/// The verdict of every item in every scenario.
fn verdicts(outcome: &Outcome) -> impl Iterator<Item = &Verdict> {
    outcome.scenarios.iter().flat_map(|scenario| &scenario.items).map(|judged| &judged.verdict)
}

#[test]
fn strict_fails_what_warns_and_what_is_for_review() {
    let mut outcome = sample();
    outcome.run.strict = true;
    outcome.scenarios.retain(|scenario| ["install/signed-in", "oauth/fresh"].contains(&scenario.id.as_str()));
    let xml = junit(&outcome, None);
    assert_eq!(xml.matches("<failure").count(), 2, "{xml}");
}

#[test]
fn a_failure_names_the_screenshot_of_where_it_points() {
    let outcome = sample();
    let xml = junit(&outcome, Some("reports/latest/shots"));
    let named: Vec<&str> = xml.split("[[ATTACHMENT|").skip(1).filter_map(|rest| rest.split("]]").next()).collect();
    assert!(!named.is_empty() && named.iter().all(|path| path.starts_with("reports/latest/shots/")), "{named:?}");
    assert!(!junit(&outcome, None).contains("ATTACHMENT"));
}
