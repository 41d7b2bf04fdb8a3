//! Commands that print what flowcheck knows, without running anything.

use serde_json::Value;

use super::workspace::{Workspace, end};

fn told(arguments: &[&str]) -> String {
    let ended = end(Workspace::new().flowcheck(arguments)).with(0);
    assert_eq!(ended.err, "");
    ended.out
}

#[test]
fn list_shows_every_scenario_with_its_items() {
    insta::assert_snapshot!(told(&["list"]));
}

#[test]
fn explain_prints_an_items_requirement_and_how_it_is_judged() {
    insta::assert_snapshot!(told(&["explain", "install.signed-out.resumes"]));
}

#[test]
fn every_item_can_be_explained_and_is_seen_in_some_scenario() {
    for item in flowcheck::checklist::catalogue() {
        let text = told(&["explain", item.id]);
        let seen = text.lines().find_map(|line| line.strip_prefix("  Seen in     ")).expect("it says where");
        assert!(!seen.is_empty(), "{text}");
    }
}

#[test]
fn a_misspelt_item_id_is_answered_with_a_suggestion() {
    let ended = end(Workspace::new().flowcheck(&["explain", "install.signed-out.resume"])).with(2);
    assert_eq!(
        ended.err,
        "error: the checklist has no item `install.signed-out.resume`; did you mean `install.signed-out.resumes`?\n"
    );
    let ended = end(Workspace::new().flowcheck(&["explain", "zzz"])).with(2);
    assert_eq!(ended.err, "error: the checklist has no item `zzz`; `flowcheck list` names them all\n");
}

#[test]
fn the_schemas_are_json() {
    for (of, property) in [("scenario", "steps"), ("app", "klaviyo")] {
        let schema: Value = serde_json::from_str(&told(&["schema", of])).expect("a schema is JSON");
        assert!(schema["properties"][property].is_object(), "{of}: {schema:#}");
    }
    assert_eq!(told(&["schema"]), told(&["schema", "scenario"]));
}

#[test]
fn completions_are_for_the_shell_that_was_named() {
    assert!(told(&["completions", "bash"]).contains("complete -F _flowcheck"));
    assert!(told(&["completions", "zsh"]).starts_with("#compdef flowcheck"));
    end(Workspace::new().flowcheck(&["completions", "abacus"])).with(2);
}

#[test]
fn help_has_the_exit_codes() {
    let help = told(&["--help"]);
    for code in ["    0  ", "    1  ", "    2  ", "    3  ", "    4  ", "  130  "] {
        assert!(help.contains(&format!("\n{code}")), "{help}");
    }
    assert!(told(&["--version"]).starts_with("flowcheck "));
}

#[test]
fn a_closed_pipe_is_no_error() {
    for arguments in [&["list"] as &[&str], &["schema"], &["completions", "bash"], &["explain", "oauth.pkce"]] {
        let mut command = Workspace::new().flowcheck(arguments);
        command.current_dir("/").env_remove("TMPDIR");
        let mut child = command.spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it can be waited for");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}
