//! The run for CI servers, in `JUnit`'s XML.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestRerun, TestSuite};
use quick_xml::events::{BytesStart, Event as XmlEvent};
use quick_xml::{Reader, Writer};

use crate::checklist::{
    Blame, ItemOutcome, JudgedItem, Outcome, ScenarioEnd, ScenarioOutcome, Verdict, VerdictKind, find,
};
use crate::evidence::Event;
use crate::report::text::failure::Failure;
use crate::report::text::layout::printable;
use crate::report::text::style::Style;

/// Columns of the failure texts; CI servers show them in fixed-width type.
const WIDTH: usize = 100;

/// The run as `JUnit` XML: a suite per scenario, a case per item.
///
/// A failure of the app is a `failure`; one of the configuration or the harness is an `error`. Items that were not run or
/// do not apply are `skipped`, with the reason. What warns or is left to a person passes, with its text in `system-out`.
///
/// `shots` is the folder that the screenshots will be found in; what fails then names its own, in the way that GitLab and
/// Jenkins' plugin for attachments know.
#[expect(clippy::missing_panics_doc, reason = "writing XML to memory does not fail")]
pub fn junit(outcome: &Outcome, shots: Option<&str>) -> String {
    let mut report = Report::new(format!("flowcheck: {}", printable(&outcome.run.app)));
    report.set_time(Duration::from_millis(outcome.run.took_ms));
    for scenario in &outcome.scenarios {
        report.add_test_suite(suite(outcome, scenario, shots));
    }
    as_jenkins_takes_it(&report.to_string().expect("a report in memory is written"))
}

/// Jenkins' schema has no `skipped` on the whole, only on its suites.
fn as_jenkins_takes_it(xml: &str) -> String {
    let mut reader = Reader::from_str(xml);
    let mut writer = Writer::new(Vec::new());
    while let Ok(event) = reader.read_event() {
        let written = match event {
            XmlEvent::Start(tag) if tag.name().as_ref() == b"testsuites" => {
                let kept = tag.attributes().flatten().filter(|attribute| attribute.key.as_ref() != b"skipped");
                let tag = BytesStart::new("testsuites").with_attributes(kept);
                writer.write_event(XmlEvent::Start(tag))
            }
            XmlEvent::Eof => break,
            other => writer.write_event(other),
        };
        debug_assert!(written.is_ok(), "writing to memory does not fail");
    }
    String::from_utf8(writer.into_inner()).unwrap_or_else(|_| xml.to_owned())
}

fn suite(outcome: &Outcome, scenario: &ScenarioOutcome, shots: Option<&str>) -> TestSuite {
    let mut suite = TestSuite::new(scenario.id.as_str());
    suite.set_time(Duration::from_millis(scenario.took_ms));
    suite.add_property(("title", printable(&scenario.title).as_str()));
    suite.add_property(("file", scenario.file.as_str()));
    suite.add_property(("began", outcome.run.began.as_str()));
    if let Some(date) = &outcome.run.checklist {
        suite.add_property(("checklist", date.as_str()));
    }
    suite.add_property(("browser", outcome.run.browser.as_str()));
    for judged in &scenario.items {
        suite.add_test_case(case(outcome, scenario, judged, shots));
    }
    if let ScenarioEnd::Harness(why) | ScenarioEnd::AppUnavailable(why) = &scenario.end {
        // Skipped cases alone would read as green.
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type("harness").set_message(printable(&why.to_string()));
        let mut case = TestCase::new("the scenario runs", status);
        case.set_classname(scenario.id.as_str());
        suite.add_test_case(case);
    }
    suite
}

fn case(outcome: &Outcome, scenario: &ScenarioOutcome, judged: &JudgedItem, shots: Option<&str>) -> TestCase {
    let item = find(judged.item.as_str()).map(|item| ItemOutcome { item, verdict: &judged.verdict, scenario });
    let text = item.map(|item| Failure { item, run: &outcome.run, report: None, also: &[] }.block(Style::Plain, WIDTH));
    let mut case = match (&judged.verdict, item.map(|item| item.counts_as(&outcome.run))) {
        (verdict, Some(VerdictKind::Fail)) => {
            let mut case = TestCase::new(judged.item.as_str(), failure(verdict, text));
            if let Some((folder, name)) = shots.zip(shot(scenario, verdict)) {
                case.set_system_out(format!("[[ATTACHMENT|{folder}/{name}]]"));
            }
            case
        }
        (Verdict::NotRun { reason, blocked_by }, _) => {
            let blocker = blocked_by.as_ref().map(|item| format!(" (blocked by {item})")).unwrap_or_default();
            TestCase::new(judged.item.as_str(), skipped(&format!("not run: {reason}{blocker}")))
        }
        (Verdict::NotApplicable(why), _) => {
            TestCase::new(judged.item.as_str(), skipped(&format!("not applicable: {why}")))
        }
        (Verdict::Pass(shown), _) => passed(judged, Some(printable(&shown.to_string()))),
        (Verdict::Fail(_) | Verdict::Warn(_) | Verdict::Review(_), _) => passed(judged, text),
    };
    case.set_classname(scenario.id.as_str());
    if scenario.flaky(&outcome.run).any(|item| *item == judged.item) {
        for before in scenario.earlier.iter().flat_map(|earlier| &earlier.items) {
            let Some(finding) = before.verdict.finding().filter(|_| before.item == judged.item) else { continue };
            let mut rerun = TestRerun::new(NonSuccessKind::Failure);
            rerun.set_type(finding.blame.word()).set_message(printable(&finding.saw.to_string()));
            case.status.add_rerun(rerun);
        }
    }
    case
}

fn passed(judged: &JudgedItem, text: Option<String>) -> TestCase {
    let mut case = TestCase::new(judged.item.as_str(), TestCaseStatus::success());
    if let Some(text) = text {
        case.set_system_out(text);
    }
    case
}

fn skipped(why: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    // Jenkins shows the message, GitLab the text.
    status.set_message(printable(why)).set_description(printable(why));
    status
}

/// The last screenshot up to where a verdict points.
fn shot<'a>(scenario: &'a ScenarioOutcome, verdict: &Verdict) -> Option<&'a str> {
    let at = verdict.finding()?.at?;
    let shown = scenario.evidence.as_ref()?.timeline.iter().take_while(|entry| entry.seq <= at);
    shown
        .filter_map(|entry| match &entry.event {
            Event::Page(page) => page.shot.as_deref(),
            _ => None,
        })
        .last()
}

fn failure(verdict: &Verdict, text: Option<String>) -> TestCaseStatus {
    let fault = verdict.finding().map_or(Blame::App, |finding| finding.blame);
    let kind = if fault == Blame::App { NonSuccessKind::Failure } else { NonSuccessKind::Error };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(fault.word());
    if let Some(finding) = verdict.finding() {
        status.set_message(printable(&finding.saw.to_string()));
    }
    if let Some(text) = text {
        status.set_description(text);
    }
    status
}
