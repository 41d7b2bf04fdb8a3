//! Errors of the environment: exit code 3, and what to do about each.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use flowcheck::browser::find;
use serde_json::Value;

use super::cleanup::start_by;
use super::workspace::{Ended, Workspace, end, unchanged};

/// Runs with nothing on the path but programs of these names.
fn with_programs(names: &[&str], arguments: &[&str]) -> Ended {
    let workspace = Workspace::with_app(unchanged);
    fs::create_dir(workspace.path("path")).expect("there is room for a folder");
    for name in names {
        workspace.write(&format!("path/{name}"), "");
    }
    let mut command = workspace.run(arguments);
    command.env("PATH", workspace.path("path")).env_remove("FLOWCHECK_BROWSER");
    let ended = end(command).with(3);
    workspace.is_left_clean();
    assert!(!workspace.path("reports").exists(), "nothing was run, so there is nothing to report");
    ended
}

#[test]
fn a_missing_driver_is_named_with_the_command_that_installs_it() {
    let ended = with_programs(&["chromium"], &["install/signed-in"]);
    assert!(ended.err.starts_with("error: no WebDriver for "), "{}", ended.err);
    assert!(ended.err.contains("looked on PATH for chromedriver"), "{}", ended.err);
    assert!(ended.err.contains("install one: ") && ended.err.contains("driver"), "{}", ended.err);
    let ended = with_programs(&["firefox"], &["install/signed-in", "--browser", "firefox"]);
    assert!(ended.err.contains("geckodriver"), "{}", ended.err);
}

#[test]
fn a_missing_browser_is_named_with_the_command_that_installs_it() {
    let ended = with_programs(&["chromedriver"], &["install/signed-in"]);
    assert!(ended.err.starts_with("error: no browser was found (looked on PATH for "), "{}", ended.err);
    assert!(ended.err.contains("install one: ") && ended.err.contains("hromium"), "{}", ended.err);
}

#[test]
fn a_missing_browser_that_was_named_is_reported_by_its_name() {
    let ended = with_programs(&["chromium", "chromedriver"], &["install/signed-in", "--browser", "nonsense"]);
    assert!(
        ended.err.starts_with("error: no browser `nonsense` was found (looked on PATH for nonsense)"),
        "{}",
        ended.err
    );
    let ended = with_programs(&["chromium", "chromedriver"], &["install/signed-in", "--browser", "/no/such/browser"]);
    assert!(ended.err.starts_with("error: no browser `/no/such/browser` was found\n"), "{}", ended.err);
}

#[test]
fn a_browser_that_does_not_start_is_no_fault_of_the_app() {
    let workspace = Workspace::with_app(unchanged);
    let ended = end(workspace.run(&["install/signed-in", "--browser", "/bin/false"])).with(3);
    assert!(ended.err.starts_with("error: the browser could not be started: "), "{}", ended.err);
    workspace.is_left_clean();
}

#[test]
fn an_unreachable_app_is_reported_with_the_address_tried() {
    // Taken once and given back, nobody has it.
    let free = || TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let (port, klaviyo) = (free(), free());
    let workspace = Workspace::with_app(|text| {
        // What flowcheck does not start it cannot restart with new scopes either.
        let (text, _) = text.split_once("scopes_update:").expect("the app updates its scopes");
        start_by(text, &format!("staging:\n  klaviyo: 127.0.0.1:{klaviyo}\n")).replace("{port}", &port.to_string())
    });
    let ended = not_run(&workspace);
    assert!(
        ended.flat_out().contains(&format!("the app is not reachable at http://localhost:{port}: ")),
        "{}",
        ended.out
    );
    assert!(ended.flat_out().contains("add `start:` to flowcheck.yaml"), "{}", ended.out);
}

#[test]
fn an_app_that_exits_is_reported_with_its_status_and_last_output() {
    let workspace = Workspace::with_app(|text| {
        start_by(text, "start:\n  command: sh -c 'echo the database is gone >&2; exit 7'\n")
    });
    let ended = not_run(&workspace);
    assert!(ended.flat_out().contains("the app exited with status 7 before it answered at "), "{}", ended.out);
    assert!(ended.flat_out().contains("the database is gone"), "{}", ended.out);
}

#[test]
fn an_app_that_cannot_be_started_is_reported_with_its_program() {
    for program in ["no-such-program", "./no-such-program"] {
        let workspace =
            Workspace::with_app(|text| start_by(text, &format!("start:\n  command: {program} --port {{port}}\n")));
        let ended = not_run(&workspace);
        let expected = format!("could not start `{program}`: No such file or directory");
        assert!(ended.flat_out().contains(&expected), "{}", ended.out);
    }
}

/// The app is not there, for no fault of what is judged: nothing passes and nothing fails.
fn not_run(workspace: &Workspace) -> Ended {
    let ended = end(workspace.run(&["install/signed-in"])).with(3);
    workspace.is_left_clean();
    let run = workspace.last_run();
    assert_eq!(run["exit_code"], 3);
    let items = run["items"].as_array().expect("a list");
    assert!(!items.is_empty() && items.iter().all(|item| item["verdict"] == "not-run"), "{items:#?}");
    ended
}

/// The browser is killed by the app's trigger, the first time that it runs.
#[test]
fn a_scenario_whose_browser_died_is_played_again_in_another() {
    let workspace = Workspace::with_app(|text| {
        let kills = "test -e killed || { touch killed; kill -9 $(pgrep -P $(cat browser.pid)) $(cat browser.pid); }; exec curl -s http://localhost:{port}/cron/sync";
        text.replace("  get: http://localhost:{port}/cron/sync\n", &format!("  run: sh -c '{kills}'\n"))
    });
    let path = std::env::var("PATH").unwrap_or_default();
    let wanted = std::env::var("FLOWCHECK_BROWSER").ok();
    let found = find(wanted.as_deref(), false, &path).unwrap_or_else(|error| panic!("{error}"));
    let pid = workspace.path("browser.pid");
    let starts = format!(
        "#!/bin/sh\necho $$ >> {0}.all\necho $$ > {0}\nexec {1} \"$@\"\n",
        pid.display(),
        found.browser.display()
    );
    workspace.write("browser", &starts);
    fs::set_permissions(workspace.path("browser"), Permissions::from_mode(0o755)).expect("the file is ours");

    let browser = workspace.path("browser").display().to_string();
    let ended = end(workspace.run(&["uninstall/in-klaviyo", "--browser", &browser]));
    assert!(workspace.path("killed").exists(), "the first browser was not killed: {}", ended.out);
    assert_eq!(workspace.read("browser.pid.all").lines().count(), 2, "{}", ended.out);
    let run = workspace.last_run();
    let scenario = &run["scenarios"][0];
    let earlier = scenario["earlier"].as_array().expect("a list");
    assert_eq!((earlier.len(), &scenario["end"]), (1, &Value::from("completed")), "{}", ended.out);
    assert!(earlier[0]["end"]["harness"]["what"].is_string(), "{}", earlier[0]["end"]);
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    workspace.is_left_clean();
}
