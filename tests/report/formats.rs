//! Reports held against what others say of their formats.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flowcheck::checklist::Outcome;
use flowcheck::report::{github, json, junit, markdown, report_schema, tap};
use serde_json::Value;

use super::sample::{again, flaky, passing, sample};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report")
}

/// Runs that differ in everything a format has to show.
fn runs() -> Vec<Outcome> {
    let mut evil = sample();
    evil.run.app = "::error::<b>\u{1b}[2J # TODO @everyone | ]]> \"".into();
    for item in evil.scenarios.iter_mut().flat_map(|scenario| &mut scenario.items) {
        if let flowcheck::checklist::Verdict::Fail(finding) = &mut item.verdict {
            finding.saw = "<script>\n::warning::%0A # SKIP | @all\n  ...\nBail out! \u{7}".into();
        }
    }
    vec![sample(), passing(), flaky(), evil]
}

/// Hands a text to a program and returns what it says; it must end well.
fn check(program: &str, arguments: &[&str], text: &str) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; scripts/install-clients installs it"));
    child.stdin.take().expect("it is piped").write_all(text.as_bytes()).expect("it reads");
    let ended = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(ended.status.success(), "{said}{}\n{text}", String::from_utf8_lossy(&ended.stderr));
    said
}

#[test]
fn junit_is_what_jenkins_takes() {
    let schema = folder().join("tools/schema/junit-10.xsd");
    assert!(schema.exists(), "{} is missing; scripts/install-clients fetches it", schema.display());
    let schema = schema.display().to_string();
    for outcome in runs() {
        check("xmllint", &["--noout", "--nonet", "--schema", &schema, "-"], &junit(&outcome, Some("reports/1/shots")));
    }
}

#[test]
fn what_was_flaky_is_marked_in_junit() {
    let xml = junit(&flaky(), None);
    assert_eq!(xml.matches("<flakyFailure").count(), 1, "{xml}");
    assert!(!xml.contains("<failure"), "{xml}");
}

#[test]
fn tap_is_what_a_reader_of_tap_takes() {
    let parser = folder().join("tools/node_modules/tap-parser/bin/cmd.cjs");
    assert!(parser.exists(), "{} is missing; scripts/install-clients installs it", parser.display());
    let parser = parser.display().to_string();
    for outcome in runs() {
        let text = tap(&outcome);
        let mut child = Command::new("node")
            .args([parser.as_str(), "-j", "0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is installed");
        child.stdin.take().expect("it is piped").write_all(text.as_bytes()).expect("it reads");
        let ended = child.wait_with_output().expect("it ends");
        let events: Value = serde_json::from_slice(&ended.stdout).expect("the parser speaks JSON");
        let complete = events.as_array().and_then(|all| all.iter().find(|event| event[0] == "complete"));
        let complete = &complete.expect("it read to the end")[1];
        let (failures, plan) = (text.matches("\nnot ok ").count(), text.lines().nth(1).expect("a plan"));
        assert_eq!(complete["bailout"], false, "{text}");
        assert_eq!(format!("1..{}", complete["count"]), plan, "{text}");
        assert_eq!(complete["fail"], failures - text.matches("# TODO expected").count(), "{text}");
        assert_eq!(complete["ok"], complete["fail"] == 0, "{text}");
        let parsed = events.as_array().expect("a list").iter();
        let stray: Vec<&Value> = parsed.filter(|event| event[0] == "extra" || event[0] == "bailout").collect();
        assert!(stray.is_empty(), "{stray:?}\n{text}");
    }
}

#[test]
fn the_json_report_is_what_its_schema_says() {
    let schema = report_schema();
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for outcome in runs() {
        let document: Value = serde_json::from_str(&json(&outcome)).expect("it is JSON");
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    let mut wrong: Value = serde_json::from_str(&json(&sample())).expect("it is JSON");
    wrong["scenarios"][0]["items"][0]["verdict"] = "splendid".into();
    assert!(!validator.is_valid(&wrong), "a verdict that there is not");
    wrong = serde_json::from_str(&json(&sample())).expect("it is JSON");
    wrong["version"] = 99.into();
    assert!(!validator.is_valid(&wrong), "another version");
}

#[test]
fn the_published_schema_is_the_one_that_reports_have() {
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.schema.json");
    let text = std::fs::read_to_string(published).unwrap_or_default();
    let schema = format!("{:#}\n", report_schema());
    assert!(text == schema, "publish it anew: flowcheck schema report > docs/report.schema.json");
}

#[test]
fn a_summary_for_a_job() {
    insta::assert_snapshot!(markdown(&sample()));
}

#[test]
fn what_the_app_wrote_is_plain_text_in_markdown() {
    let text = markdown(&runs().remove(3));
    for forbidden in ["<script", "@all", "@everyone", "\u{1b}"] {
        assert!(!text.contains(forbidden), "{forbidden}\n{text}");
    }
    let rows = text.lines().filter(|line| line.starts_with("| "));
    for row in rows {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 5, "{row}");
    }
}

#[test]
fn annotations_for_a_job() {
    insta::assert_snapshot!(github(&sample()));
    assert_eq!(github(&passing()), "");
}

#[test]
fn what_the_app_wrote_is_no_command_to_the_runner() {
    let text = github(&runs().remove(3));
    for line in text.lines() {
        assert!(
            ["::error file=", "::warning file=", "::notice file="].iter().any(|start| line.starts_with(start)),
            "{line}"
        );
    }
    assert_eq!(text.lines().count(), github(&sample()).lines().count());
}

#[test]
fn a_stored_run_is_read_back_whole() {
    let outcome = again(&sample());
    assert_eq!(json(&outcome), json(&sample()));
}
