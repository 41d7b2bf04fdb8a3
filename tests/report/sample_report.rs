//! reports/sample: a run of the fixture app with three defects, as this version judges and shows it.

use std::fs;
use std::path::{Path, PathBuf};

use flowcheck::checklist::{Outcome, VerdictKind, aggregate};
use flowcheck::report::html;
use flowcheck::results::read_run;

use super::html::unpack;
use super::screenshot_png::png;

const STALE: &str = "reports/sample is out of date: make sample";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/sample")
}

fn kept() -> Outcome {
    let text = fs::read_to_string(folder().join("run.json")).unwrap_or_else(|error| panic!("{error}; make sample"));
    read_run(&text).unwrap_or_else(|error| panic!("{error}; make sample"))
}

/// A page without what its pictures make of it.
fn structure(page: &str) -> String {
    let page = without(&unpack(page), "<image ", "/>");
    let page = without(&page, "<svg viewBox=\"0 0 ", "preserveAspectRatio");
    let page = without(&page, "href=\"#shot-", "\"");
    // The checklist may grow, and this run does not.
    let page = without(&page, "<p class=\"looked\">", "</p>");
    without(&page, "script-src '", "'").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text without everything from a mark to the next end.
fn without(text: &str, mark: &str, end: &str) -> String {
    let mut parts = text.split(mark);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once(end).map_or("", |(_, rest)| rest));
    }
    out
}

#[test]
fn it_is_judged_as_it_says() {
    let (before, after) = (kept(), kept().judged_again());
    for (one, other) in before.scenarios.iter().zip(&after.scenarios) {
        assert_eq!(one.items, other.items, "{STALE} ({})", one.id);
    }
    let failed: Vec<&str> = aggregate(&after)
        .iter()
        .filter(|item| item.verdict.kind() == VerdictKind::Fail)
        .map(|item| item.item.id)
        .collect();
    let expected =
        ["install.signed-out.resumes", "error.denied.message", "uninstall.app.revokes", "uninstall.app.removed"];
    assert_eq!(failed, expected, "three defects fail these");
}

#[test]
fn its_page_is_the_one_that_this_version_makes() {
    let page = fs::read_to_string(folder().join("index.html")).unwrap_or_else(|error| panic!("{error}; make sample"));
    assert!(structure(&page) == structure(&html(&kept(), &|name| Some(png(name)))), "{STALE}");
}

#[test]
fn it_is_small_and_names_no_machine() {
    let files = ["index.html", "run.json", "report.txt"].map(|name| folder().join(name));
    let size: u64 = files.iter().map(|file| fs::metadata(file).map_or(0, |meta| meta.len())).sum();
    assert!((100_000..1_500_000).contains(&size), "{size} bytes");
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{error}; make sample"));
        for machine in ["/home/", "/root/", "/tmp/", "/Users/"] {
            assert!(!text.contains(machine), "{} names {machine}", file.display());
        }
    }
}
