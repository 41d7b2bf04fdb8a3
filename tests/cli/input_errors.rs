//! Mistakes in arguments and files: exit code 2, the place underlined, and a suggestion.

use super::workspace::{Workspace, end, fixture, unchanged};

#[test]
fn a_mistake_in_a_scenario_is_shown_with_its_line() {
    let workspace = Workspace::with_app(unchanged);
    workspace.write("mine.yaml", &fixture("scenarios/install/signed-in.yaml").replace("- allow", "- alow"));
    let ended = end(workspace.run(&["mine.yaml"])).with(2);
    insta::assert_snapshot!(ended.err);
    assert_eq!(ended.out, "");
    assert!(!workspace.path("reports").exists());
}

#[test]
fn a_mistake_in_the_configuration_is_shown_with_its_line() {
    let workspace =
        Workspace::with_app(|text| text.replace("tenancy:", "tennancy:").replace("- name: Mira", "- nmae: Mira"));
    let ended = end(workspace.run(&["install/signed-in"])).with(2);
    insta::assert_snapshot!(ended.err);
}

#[test]
fn a_yaml_syntax_error_is_shown_with_its_line() {
    let workspace = Workspace::with_app(|_| "name: [Harbour\n".to_owned());
    let ended = end(workspace.run(&["install/signed-in"])).with(2);
    assert!(ended.err.contains("flowcheck.yaml:1:7") && ended.err.contains("^^^"), "{}", ended.err);
}

#[test]
fn a_checklist_of_another_date_is_answered_with_the_dates_there_are() {
    let workspace = Workspace::with_app(unchanged);
    let ended = end(workspace.run(&["install/signed-in", "--checklist", "2019-01"])).with(2);
    assert!(ended.err.contains("invalid value '2019-01' for '--checklist <DATE>'"), "{}", ended.err);
    assert!(ended.err.contains("[possible values: 2026-11]"), "{}", ended.err);
    assert!(!workspace.path("reports").exists());
}

#[test]
fn a_missing_configuration_is_reported_with_what_to_do() {
    let workspace = Workspace::new();
    let ended = end(workspace.run(&["install/signed-in"])).with(2);
    assert!(ended.err.starts_with("error: there is no flowcheck.yaml\n"), "{}", ended.err);
    assert!(ended.err.contains("describe your app in it") && ended.err.contains("--config FILE"), "{}", ended.err);
}

#[test]
fn a_variable_that_is_not_set_is_shown_where_it_is_used() {
    let workspace = Workspace::with_app(unchanged);
    let mut command = workspace.run(&["install/signed-in"]);
    command.env_remove("PARTNER");
    let ended = end(command).with(2);
    assert!(ended.err.contains("`PARTNER` is not set") && ended.err.contains("flowcheck.yaml:8:"), "{}", ended.err);
}

#[test]
fn an_app_whose_clock_should_follow_needs_libfaketime() {
    let workspace = Workspace::with_app(|text| text.replace("  clock: own\n", "  clock: follow\n"));
    let mut command = workspace.run(&["install/signed-in"]);
    command.env("FLOWCHECK_LIBFAKETIME", "/nowhere/libfaketime.so.1");
    let ended = end(command).with(2);
    assert!(
        ended.err.contains("`start.clock: follow` needs libfaketime, which is not there at /nowhere"),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("apt-get install faketime"), "{}", ended.err);
}

#[test]
fn an_unknown_scenario_is_answered_with_the_known_ones() {
    let workspace = Workspace::with_app(unchanged);
    let ended = end(workspace.run(&["nothing-like-this"])).with(2);
    assert!(ended.err.starts_with("error: no scenario is called `nothing-like-this`; there are:\n"), "{}", ended.err);
    assert!(ended.err.contains("\n  install/signed-in\n") && ended.err.contains("\n  oauth/fresh\n"), "{}", ended.err);
    let ended = end(workspace.run(&["install/signed-ot"])).with(2);
    assert!(ended.err.contains("did you mean `install/signed-out`?"), "{}", ended.err);
    let ended = end(workspace.run(&["missing.yaml"])).with(2);
    assert!(ended.err.contains("there is no such file") && ended.err.contains("missing.yaml"), "{}", ended.err);
}

#[test]
fn a_wrong_password_is_the_configurations_fault() {
    let workspace = Workspace::with_app(|text| text.replace("password: harbour-demo", "password: forgotten-long-ago"));
    let ended = end(workspace.run(&["install/signed-in"])).with(2);
    let said = ended.flat_out();
    assert!(said.contains("the app did not accept the login of ada@harbour.example"), "{}", ended.out);
    assert!(said.contains("check `users`"), "{}", ended.out);
    assert!(!ended.out.contains("forgotten-long-ago"), "a password is not printed\n{}", ended.out);
    workspace.is_left_clean();
}

#[test]
fn a_wrong_password_during_an_installation_is_the_configurations_fault() {
    let workspace = Workspace::with_app(|text| text.replace("password: harbour-demo", "password: forgotten-long-ago"));
    end(workspace.run(&["install/signed-out"])).with(2);
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let workspace = Workspace::with_app(unchanged);
    for (arguments, said) in [
        (&["--report", "pdf=x"] as &[&str], "`pdf` is no report; there are html, json, junit, markdown and tap"),
        (&["--jobs", "0"], "0 is not in 1..=32"),
        (&["--slow-mo", "slowly"], "invalid"),
    ] {
        let ended = end(workspace.run(arguments)).with(2);
        assert!(ended.err.contains(said), "{}", ended.err);
    }
    end(workspace.flowcheck(&[])).with(2);
    end(workspace.flowcheck(&["frobnicate"])).with(2);
}

#[test]
fn check_reads_every_file_and_shows_every_mistake() {
    let workspace = Workspace::with_app(|text| text.replace("${PARTNER}", "partner"));
    workspace.write("good.yaml", &fixture("scenarios/install/signed-in.yaml"));
    workspace.write(
        "bad.yaml",
        &fixture("scenarios/install/signed-in.yaml").replace("signed-in\nsteps", "singed-in\nsteps"),
    );
    let ended = end(workspace.flowcheck(&["check", "flowcheck.yaml", "good.yaml"])).with(0);
    assert_eq!(ended.out, "flowcheck.yaml is fine\ngood.yaml is fine\n");
    assert_eq!(end(workspace.flowcheck(&["check"])).with(0).out, "flowcheck.yaml is fine\n");
    workspace.write("mine.yaml", &workspace.read("flowcheck.yaml"));
    assert_eq!(end(workspace.flowcheck(&["check", "mine.yaml"])).with(0).out, "mine.yaml is fine\n");
    workspace.write(
        "beta.flowcheck.yaml",
        &workspace.read("flowcheck.yaml").replace("[accounts:read,", "[accounts:read, loyalty:read,"),
    );
    let ended = end(workspace.flowcheck(&["check", "beta.flowcheck.yaml"])).with(0);
    assert_eq!(ended.out, "beta.flowcheck.yaml is fine\n");
    assert!(ended.err.starts_with("note: `loyalty:read` is in none of Klaviyo's lists"), "{}", ended.err);
    let ended = end(workspace.flowcheck(&["check", "bad.yaml", "missing.yaml", "flowcheck.yaml"])).with(2);
    assert_eq!(ended.out, "flowcheck.yaml is fine\n");
    insta::assert_snapshot!(ended.err);
}

#[test]
fn a_line_that_names_no_item_is_refused_with_what_it_holds_and_the_lines_that_do() {
    let workspace = Workspace::with_app(unchanged);
    let text = fixture("scenarios/install/signed-out.yaml");
    workspace.write("mine.yaml", &text.replace("id: install/", "id: mine/"));
    let at = |part: &str| text.lines().position(|line| line.contains(part)).expect("the line is there") + 1;
    let (step, item, end_of_file) = (at("- install: klaviyo"), at("- install.signed-out.login"), text.lines().count());
    for (line, told) in [
        (step, format!("line {step} of mine.yaml is a step, `- install: klaviyo`, and names no item of the checklist")),
        (1, "line 1 of mine.yaml is `id: mine/signed-out`, and names no item of the checklist".to_owned()),
        (0, format!("mine.yaml has {end_of_file} lines, and no line 0")),
        (end_of_file + 1, format!("mine.yaml has {end_of_file} lines, and no line {}", end_of_file + 1)),
    ] {
        let said = end(workspace.run(&[&format!("mine.yaml:{line}")])).with(2).err;
        assert!(said.contains(&told), "{said}");
        assert!(said.contains(&format!("mine.yaml:{item}  install.signed-out.login")), "{said}");
    }
}
