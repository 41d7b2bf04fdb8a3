//! What is said of scenarios in which something is wrong.

use flowcheck::scenario::parse_scenario;
use insta::assert_snapshot;

use super::{SCENARIO, with};

fn said_of(text: &str) -> String {
    parse_scenario("denied.yaml", text).expect_err("something is wrong").render(false)
}

fn said(part: &str, other: &str) -> String {
    said_of(&with(SCENARIO, part, other))
}

#[test]
fn an_unknown_field_is_shown_with_the_one_that_was_meant() {
    assert_snapshot!(said("steps:", "step:"));
}

#[test]
fn an_unknown_field_like_no_other_is_shown_with_those_that_are_free() {
    assert_snapshot!(said("  accounts: 2", "  browser: firefox"));
}

#[test]
fn an_unknown_step_is_shown_with_the_one_that_was_meant() {
    assert_snapshot!(said("- allow", "- alow"));
}

#[test]
fn an_unknown_step_like_no_other_is_shown_with_all_that_there_are() {
    assert_snapshot!(said("- install: klaviyo", "- go: klaviyo"));
}

#[test]
fn an_unknown_persona_is_shown_with_the_one_that_was_meant() {
    assert_snapshot!(said("user: several-tenants", "user: several-tenant"));
}

#[test]
fn a_persona_like_no_other_is_shown_with_all_that_there_are() {
    assert_snapshot!(said("user: several-tenants", "user: admin"));
}

#[test]
fn a_step_without_its_object_is_shown_with_what_it_may_be() {
    assert_snapshot!(said("- install: klaviyo", "- install"));
}

#[test]
fn a_step_with_an_object_it_does_not_take_is_shown() {
    assert_snapshot!(said("- deny", "- deny: klaviyo"));
}

#[test]
fn two_steps_in_one_entry_are_shown() {
    assert_snapshot!(said("  - deny\n", "    deny:\n"));
}

#[test]
fn what_is_missing_is_named_with_what_it_is_for() {
    assert_snapshot!(said("title: A user denies permissions\n", ""));
}

#[test]
fn values_of_the_wrong_kind_are_shown_all_at_once() {
    let text = with(SCENARIO, "accounts: 2", "accounts: 9");
    let text = with(&text, "other_user: true", "other_user: \"yes\"");
    let text =
        with(&text, "expects:\n  - error.denied.message\n  - error.denied.retry\n", "expects: error.denied.message\n");
    assert_snapshot!(said_of(&with(&text, "leave: 6m", "leave: 6 minutes")));
}

#[test]
fn a_field_without_a_value_is_shown() {
    assert_snapshot!(said("why: Klaviyo asks for a message that can be dismissed", "why:"));
}

#[test]
fn a_field_said_twice_is_shown_with_the_first() {
    assert_snapshot!(said("why:", "title: again\nwhy:"));
}

#[test]
fn an_id_must_be_folder_and_name() {
    assert_snapshot!(said("id: errors/denied", "id: Denied"));
}

#[test]
fn an_unknown_check_is_shown_with_the_one_that_was_meant() {
    assert_snapshot!(said("error.denied.retry", "errors.denied.retry"));
}

#[test]
fn a_check_named_twice_is_shown() {
    assert_snapshot!(said("error.denied.retry", "error.denied.message"));
}

#[test]
fn steps_that_cannot_follow_each_other_are_shown_all_at_once() {
    let steps =
        "  - allow\n  - return\n  - dismiss\n  - install: klaviyo\n  - install: message\n  - leave: 1m\n  - deny\n";
    let start = SCENARIO.find("  - install").unwrap();
    let end = SCENARIO.find("expects").unwrap();
    assert_snapshot!(said_of(&format!("{}{steps}{}", &SCENARIO[..start], &SCENARIO[end..])));
}

#[test]
fn steps_need_what_they_are_about() {
    let text = with(SCENARIO, "  trigger: true\n", "");
    let text = with(&text, "user: several-tenants", "user: no-account");
    let text = with(&text, "accounts: 2", "accounts: 1");
    assert_snapshot!(said_of(&with(&text, "  other_user: true\n", "")));
}

#[test]
fn a_user_with_several_tenants_needs_apps_that_have_them() {
    assert_snapshot!(said("[drop-down, text-box]", "[single, drop-down]"));
}

#[test]
fn empty_lists_are_shown() {
    let text = "id: a/b\ntitle: ' '\nwhy: w\nsteps: []\nexpects: []\n";
    assert_snapshot!(said_of(text));
}

#[test]
fn columns_are_counted_in_characters() {
    let mistakes =
        parse_scenario("a.yaml", &with(SCENARIO, "[drop-down, text-box]", "[\"größe🔑\", text-bx]")).unwrap_err();
    let places: Vec<_> = mistakes.iter().map(|mistake| (mistake.line, mistake.column, mistake.length)).collect();
    assert_eq!(places, [(5, 13, 8), (5, 23, 7)]);
    assert_snapshot!(mistakes.render(false));
}

#[test]
fn windows_line_ends_shift_nothing() {
    let text = with(SCENARIO, "- allow", "- alow").replace('\n', "\r\n");
    let mistakes = parse_scenario("denied.yaml", &text).unwrap_err();
    let first = mistakes.iter().next().unwrap();
    assert_eq!((first.line, first.column, first.length), (18, 5, 4));
    assert_eq!(mistakes.render(false), said("- allow", "- alow"));
}

#[test]
fn without_pictures_a_mistake_is_one_line() {
    let mistakes = parse_scenario("denied.yaml", &with(SCENARIO, "- allow", "- alow")).unwrap_err();
    assert_snapshot!(mistakes.to_string());
}

#[test]
fn colour_is_added_only_when_asked_for() {
    let mistakes = parse_scenario("denied.yaml", &with(SCENARIO, "- allow", "- alow")).unwrap_err();
    assert!(mistakes.render(true).contains("\u{1b}["));
    assert!(!mistakes.render(false).contains('\u{1b}'));
}
