//! Apps that know nothing of flowcheck, two of them on Klaviyo's own SDKs, run through the whole checklist as they are, and one that
//! was running already: what flowcheck says of each is pinned.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use serde_json::Value;

mod existing_app;
#[path = "../fixture_app/mod.rs"]
#[expect(dead_code, reason = "only the fixture app's program is needed here; the rest is for tests that run scenarios")]
mod fixture_app;

/// One run at a time, as each has two browsers.
static BROWSERS: Mutex<()> = Mutex::new(());

#[test]
fn an_app_on_express_and_the_sdk_for_node() {
    insta::assert_snapshot!(verdicts_on("node"));
}

#[test]
fn an_app_on_flask_and_the_sdk_for_python() {
    insta::assert_snapshot!(verdicts_on("python"));
}

#[test]
fn an_app_on_django_with_the_pages_of_allauth() {
    insta::assert_snapshot!(verdicts_on("django"));
}

#[test]
fn a_first_file_for_the_app_on_express_is_proven_by_the_doctor() {
    let _alone = BROWSERS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let secret = "tidepool-surveys-client-secret";
    let env = format!("KLAVIYO_CLIENT_ID=tidepool-surveys\nKLAVIYO_CLIENT_SECRET={secret}\n");
    std::fs::write(folder.path().join(".env"), env).expect("the file can be written");
    let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/node").display().to_string();
    let flowcheck = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowcheck"));
        command.args(arguments).current_dir(folder.path()).stdin(Stdio::null());
        command.env_remove("FLOWCHECK_CONFIG").env("FLOWCHECK_PASSWORD", "tidepool-demo");
        let output = command.env("KLAVIYO_CLIENT_SECRET", secret).output().expect("the program starts");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
    };
    let mut looks =
        vec!["init", "http://localhost:{port}", "--from-env", ".env", "--start", "node server.js", "--folder", &app];
    looks.extend(["--env", "PORT={port}", "--env", "DATA_DIR={data}", "--env", "DEMO_DATA=1"]);
    looks.extend(["--login", "anemone@tidepool.example", "--login", "barnacle@tidepool.example"]);
    flowcheck(&looks);
    flowcheck(&["doctor"]);
    let file = std::fs::read_to_string(folder.path().join("flowcheck.yaml")).expect("it was written");
    assert!(!file.contains(secret), "{file}");
    insta::assert_snapshot!(file.replace(&app, "fixtures/node"));
}

/// The program's verdict on the app in this folder, overall and of each item that applies to it.
fn verdicts_on(app: &str) -> String {
    let _alone = BROWSERS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(app).join("flowcheck.yaml");
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let output = flowcheck(&config, folder.path()).args(["run", "-j", "2"]).output().expect("the program starts");
    verdicts(folder.path(), &output)
}

/// The program in a folder, about an app.
fn flowcheck(config: &Path, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowcheck"));
    command.current_dir(folder).env("FLOWCHECK_CONFIG", config).stdin(Stdio::null());
    command
}

/// How a run in this folder has ended, and its verdict on each item that applies.
fn verdicts(folder: &Path, output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    // Shown by the test harness where the verdicts are others.
    println!("{said}");
    let run = std::fs::read_to_string(folder.join("reports/latest/run.json"));
    let run = run.unwrap_or_else(|error| panic!("no run ({error}); scripts/install-clients installs what it needs"));
    let run: Value = serde_json::from_str(&run).expect("JSON");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let items = run["items"].as_array().expect("items").iter();
    let items = items.map(|item| (text(&item["id"]), text(&item["verdict"])));
    let lines =
        items.filter(|(_, verdict)| verdict != "not-applicable").map(|(id, verdict)| format!("{verdict:8} {id}"));
    let verdict = format!("exit {}", output.status.code().expect("it ended"));
    [verdict].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}
