//! What is said of files that are not YAML, or no files at all.

use std::path::Path;

use flowcheck::scenario::{load_app, load_scenario, parse_scenario};
use insta::assert_snapshot;

use super::{SCENARIO, with};

fn said(part: &str, other: &str) -> String {
    said_of(&with(SCENARIO, part, other))
}

fn said_of(text: &str) -> String {
    parse_scenario("denied.yaml", text).expect_err("something is wrong").render(false)
}

#[test]
fn a_tab_is_shown() {
    assert_snapshot!(said("  user: several-tenants", "\tuser: several-tenants"));
}

#[test]
fn a_quote_left_open_is_shown() {
    assert_snapshot!(said("title: A user denies permissions", "title: 'A user denies permissions"));
}

#[test]
fn a_bracket_left_open_is_shown() {
    assert_snapshot!(said("[drop-down, text-box]", "[drop-down, text-box"));
}

#[test]
fn a_line_in_the_wrong_column_is_shown() {
    assert_snapshot!(said("  klaviyo: signed-out", "   klaviyo: signed-out"));
}

#[test]
fn a_colon_in_a_text_is_shown() {
    assert_snapshot!(said("title: A user denies", "title: Denial: a user denies"));
}

#[test]
fn a_colon_forgotten_is_shown() {
    assert_snapshot!(said("given:", "given"));
}

#[test]
fn a_space_forgotten_after_a_colon_is_shown() {
    assert_snapshot!(said("- install: klaviyo", "- install:klaviyo"));
}

#[test]
fn a_value_that_begins_with_a_sign_is_shown() {
    assert_snapshot!(said("A user denies permissions", "@user denies permissions"));
}

#[test]
fn a_backslash_that_begins_nothing_is_shown() {
    assert_snapshot!(said("title: A user", r#"title: "C:\windows" #"#));
}

#[test]
fn anchors_aliases_and_tags_are_refused() {
    let both = format!(
        "{}\n\n{}\n\n{}",
        said("title: A user", "title: &title A user"),
        said("why: Klaviyo", "why: *title # Klaviyo"),
        said("title: A user", "title: !!str A user")
    );
    assert_snapshot!(both);
}

#[test]
fn a_second_document_is_refused() {
    assert_snapshot!(said_of(&format!("{SCENARIO}---\n{SCENARIO}")));
}

#[test]
fn something_else_than_fields_is_refused() {
    assert_snapshot!(said_of("- install: klaviyo\n"));
}

#[test]
fn nesting_without_end_is_refused() {
    assert_snapshot!(said_of(&format!("id: {}", "[".repeat(5000))));
}

#[test]
fn more_values_than_any_file_needs_are_refused() {
    let text = with(SCENARIO, "  - deny\n", &"  - deny\n".repeat(20_000));
    assert_snapshot!(said_of(&text));
}

#[test]
fn of_many_mistakes_the_first_are_told() {
    let text = with(SCENARIO, "  - deny\n", &"  - denny\n".repeat(60));
    let mistakes = parse_scenario("denied.yaml", &text).unwrap_err();
    assert_eq!((mistakes.iter().count(), mistakes.to_string().lines().count()), (60, 51));
    assert!(mistakes.render(false).ends_with("and 10 more errors in denied.yaml"));
}

#[test]
fn an_empty_file_is_refused() {
    for text in ["", "\n\n", "# nothing yet\n", "---\n"] {
        let mistakes = parse_scenario("empty.yaml", text).unwrap_err();
        assert_eq!(mistakes.iter().next().unwrap().line, 1, "{text:?}");
    }
    assert_snapshot!(said_of(""));
}

#[test]
fn what_is_no_readable_file_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let in_folder = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let said = |path: &Path| {
        let mistakes = load_scenario(path).unwrap_err();
        assert_eq!(load_app(path).unwrap_err(), mistakes);
        mistakes.render(false).replace(&folder.path().display().to_string(), "FOLDER")
    };
    let all = [
        said(&folder.path().join("none.yaml")),
        said(folder.path()),
        said(&in_folder("latin.yaml", b"id: a/b\ntitle: caf\xe9\n")),
        said(&in_folder("large.yaml", &vec![b'#'; (1 << 20) + 1])),
    ];
    assert_snapshot!(all.join("\n\n"));
}
