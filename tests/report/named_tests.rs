//! Tests that a page names, as `file::function`.

use std::path::Path;

/// The file, seen from the project's folder, and the function. Files are below `tests/` where they do not say otherwise.
pub(crate) fn location(test: &str) -> (String, &str) {
    let (file, function) = test.split_once("::").unwrap_or_else(|| panic!("`{test}` is not file::function"));
    let is_source = ["crates/", "src/", "tests/"].iter().any(|folder| file.starts_with(folder));
    (if is_source { file.to_owned() } else { format!("tests/{file}") }, function)
}

/// Whether the file has such a test.
pub(crate) fn exists(test: &str) -> bool {
    let (file, function) = location(test);
    let source = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap_or_default();
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let is_it = |line: &str| line.contains(&format!("fn {function}("));
    let marked =
        |at: usize| lines[..at].iter().rev().take(3).any(|line| line.starts_with("#[") && line.contains("test"));
    // Those of a harness of their own have no attribute.
    let own_harness = source.contains("Trial::test(");
    lines.iter().enumerate().any(|(at, line)| is_it(line) && (own_harness || marked(at)))
}

#[test]
fn only_functions_that_are_tests_exist() {
    assert!(exists("report/named_tests.rs::only_functions_that_are_tests_exist"));
    assert!(exists("tests/report/named_tests.rs::only_functions_that_are_tests_exist"));
    for none in ["report/standards_page.rs::page", "report/standards_page.rs::the_page", "report/nowhere.rs::page"] {
        assert!(!exists(none), "{none}");
    }
}

#[test]
fn security_md_names_tests_that_exist() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("SECURITY.md")).expect("it is there");
    let named: Vec<&str> = text.split('`').skip(1).step_by(2).filter(|code| code.contains("::")).collect();
    assert!(named.len() >= 30, "only {} tests are named", named.len());
    let missing: Vec<&&str> = named.iter().filter(|test| !exists(test)).collect();
    assert!(missing.is_empty(), "SECURITY.md names tests that are not there: {missing:#?}");
}
