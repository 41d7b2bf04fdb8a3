//! docs/standards.md: what the standards ask of a server like the fake Klaviyo, and the test of each, generated from standards.csv.

use std::fmt::Write as _;
use std::path::Path;

use super::named_tests::{exists, location};

/// A requirement of a standard.
struct Requirement {
    rfc: &'static str,
    section: &'static str,
    level: &'static str,
    text: &'static str,
    tests: Vec<&'static str>,
    difference: &'static str,
}

/// The standards, by their numbers.
const STANDARDS: [(&str, &str); 8] = [
    ("6749", "The OAuth 2.0 Authorization Framework"),
    ("6750", "Bearer Token Usage"),
    ("7009", "OAuth 2.0 Token Revocation"),
    ("7636", "Proof Key for Code Exchange"),
    ("9207", "Authorization Server Issuer Identification"),
    ("9700", "Best Current Practice for OAuth 2.0 Security"),
    ("9110", "HTTP Semantics"),
    ("9112", "HTTP/1.1"),
];

fn requirements() -> Vec<Requirement> {
    let lines = include_str!("standards.csv").lines().filter(|line| !line.starts_with('#')).skip(1);
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(';').collect();
            let [rfc, section, level, text, tests, difference] = cells[..] else {
                panic!("six cells expected: {line}")
            };
            Requirement { rfc, section, level, text, tests: tests.split_whitespace().collect(), difference }
        })
        .collect()
}

fn page() -> String {
    let all = requirements();
    let tested = all.iter().filter(|requirement| !requirement.tests.is_empty()).count();
    let different = all.iter().filter(|requirement| !requirement.difference.is_empty()).count();
    let mut page = format!(
        "# Standards\n\nWhat the standards for OAuth and HTTP ask of a server like the fake Klaviyo, in our words, with the test that shows it. \
         Where Klaviyo differs,\nor is not known to do so, the fake does as Klaviyo, and the row says it. Made by `make docs` from\n\
         `tests/report/standards.csv`. What asks something of clients alone has no row: the [checklist](checklist.md) judges them.\n\n\
         {} requirements: {tested} have a test, {different} have a note on Klaviyo or on what the test leaves open.\n",
        all.len(),
    );
    for (rfc, title) in STANDARDS {
        write!(
            page,
            "\n## RFC {rfc}: {title}\n\n| Section | Level | Requirement | Test | Note |\n|---|---|---|---|---|\n"
        )
        .expect("text takes all");
        for requirement in all.iter().filter(|requirement| requirement.rfc == rfc) {
            let Requirement { section, level, text, difference, .. } = requirement;
            let address = format!("https://www.rfc-editor.org/rfc/rfc{rfc}#section-{section}");
            let tests: Vec<String> = requirement
                .tests
                .iter()
                .map(|test| {
                    let (file, name) = location(test);
                    format!("[{name}](../{file})")
                })
                .collect();
            writeln!(page, "| [{section}]({address}) | {level} | {text} | {} | {difference} |", tests.join("<br>"))
                .expect("text takes all");
        }
    }
    page
}

#[test]
fn the_page_of_standards_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/standards.md");
    if std::env::var_os("FLOWCHECK_WRITE").is_some() {
        std::fs::write(&file, page()).expect("it can be written");
    }
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(text == page(), "docs/standards.md is out of date: make docs");
}

#[test]
fn every_requirement_has_a_test_that_exists_or_says_why_not() {
    for requirement in requirements() {
        let Requirement { rfc, section, text, tests, difference, .. } = requirement;
        assert!(STANDARDS.iter().any(|(known, _)| *known == rfc), "RFC {rfc} has no title");
        assert!(!tests.is_empty() || !difference.is_empty(), "RFC {rfc} §{section} has neither test nor note: {text}");
        for test in tests {
            assert!(exists(test), "RFC {rfc} §{section} names a test that is not there: {test}");
        }
    }
}
