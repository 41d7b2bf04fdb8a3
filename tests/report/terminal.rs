//! The end of a run on a terminal.

use flowcheck::checklist::{Finding, Verdict};
use flowcheck::report::{Style, terminal};

use super::failure_example::failure;
use super::sample::{hop, passing, sample, scenario};

const REPORT: Option<&str> = Some("reports/latest/index.html");

#[test]
fn eighty_columns() {
    insta::assert_snapshot!(terminal(&sample(), Style::Plain, 80, REPORT));
}

#[test]
fn a_hundred_and_twenty_columns() {
    insta::assert_snapshot!(terminal(&sample(), Style::Plain, 120, REPORT));
}

#[test]
fn a_run_that_passes() {
    insta::assert_snapshot!(terminal(&passing(), Style::Plain, 80, None));
}

#[test]
fn strict_counts_warnings_and_reviews_as_failures() {
    let mut outcome = sample();
    outcome.run.strict = true;
    outcome.scenarios.retain(|scenario| ["install/signed-in", "oauth/fresh"].contains(&scenario.id.as_str()));
    insta::assert_snapshot!(terminal(&outcome, Style::Plain, 100, None));
}

#[test]
fn an_interrupted_run_says_so() {
    let mut outcome = sample();
    outcome.run.interrupted = true;
    let text = terminal(&outcome, Style::Plain, 80, None);
    assert!(text.contains("Interrupted before the end: 3 items fail so far."), "{text}");
}

#[test]
fn a_failing_item() {
    insta::assert_snapshot!(failure());
}

#[test]
fn lines_keep_to_the_width_except_what_is_there_to_be_copied() {
    for width in [60, 80, 120] {
        for line in terminal(&sample(), Style::Plain, width, REPORT).lines() {
            let copied = ["  Evidence", "  Again", "  Report"].iter().any(|label| line.starts_with(label));
            assert!(copied || line.chars().count() <= width, "{width}: {line}");
        }
    }
}

#[test]
fn only_colour_has_escape_codes_and_the_words_are_the_same() {
    let plain = terminal(&sample(), Style::Plain, 80, REPORT);
    let colour = terminal(&sample(), Style::Colour, 80, REPORT);
    assert!(!plain.contains('\u{1b}') && colour.contains("\u{1b}[1;31m✗"));
    let mut stripped = String::new();
    for (index, part) in colour.split('\u{1b}').enumerate() {
        stripped.push_str(if index == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&stripped), words(&plain));
}

#[test]
fn what_the_app_wrote_cannot_drive_the_terminal() {
    let finding = Finding::app("a message", "\u{1b}]0;owned\u{7}\u{1b}[2J said the\r\npage").hops(vec![hop(
        200,
        "/\u{1b}[31m\u{202e}gnp.exe",
        Some("/\u{9b}2J"),
    )]);
    let mut outcome = sample();
    outcome.run.app = "Evil\u{1b}[2J".into();
    outcome.scenarios = vec![scenario("a/b", "A", None, vec![("install.shown", Verdict::Fail(finding))])];
    let text = terminal(&outcome, Style::Plain, 80, None);
    assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text:?}");
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn long_redirect_chains_are_folded() {
    let hops = (0..30).map(|number| hop(302, &format!("/loop?n={number}"), Some(&format!("/loop?n={}", number + 1))));
    let finding = Finding::app("Klaviyo's OAuth page", "a loop").hops(hops.collect());
    let mut outcome = sample();
    outcome.scenarios = vec![scenario("a/b", "A", None, vec![("install.no-detour", Verdict::Fail(finding))])];
    let text = terminal(&outcome, Style::Plain, 80, None);
    assert!(text.contains("…  20 more hops") && text.contains(" 30  302  /loop?n=29"), "{text}");
}
