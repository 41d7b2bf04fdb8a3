//! Klaviyo's own SDKs, with nothing but a token, read what the fake Klaviyo answers.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use flowcheck::gateway::{Gateway, Options};
use tokio::process::Command;

use crate::table::unlimited;

/// Longer than a script takes on a slow machine.
const LONG: Duration = Duration::from_mins(3);

/// Generic: the script calls every operation that the SDK has, with what its signatures and models ask for.
#[tokio::test]
async fn python_s_which_is_strict_about_types_reads_the_answers_of_at_least_three_hundred_operations() {
    let tables = root().join("crates/fake-klaviyo/tables");
    let script = root().join("tests/mock/sdk/python/read_everything.py");
    let python = root().join("fixtures/python/.venv/bin/python");
    let [operations, answers] = ["operations.csv", "responses.csv"].map(|table| tables.join(table));
    let said = said_by(&python, &[&script], &[&operations, &answers]).await;
    let read = said.lines().filter(|line| line.starts_with("read ")).count();
    let rest: Vec<&str> = said.lines().filter(|line| !line.starts_with("read ")).collect();
    println!("{}", rest.join("\n"));
    assert!(read >= 300, "{read} were read");
    insta::assert_snapshot!(rest.join("\n"));
}

#[tokio::test]
async fn node_s_does_what_apps_do_most() {
    let said = said_by(Path::new("node"), &[&root().join("tests/mock/sdk/flows.mjs")], &[]).await;
    println!("{said}");
    let subjects = "profiles lists events metrics segments tags templates campaigns catalogs coupons webhooks";
    let done: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("did ")).collect();
    assert_eq!(done.join(" "), subjects);
}

/// Runs a script by a gateway's environment, and says what it says; the token stands before the last words.
async fn said_by(program: &Path, words: &[&Path], last: &[&Path]) -> String {
    let (scene, access) = unlimited().await;
    let gateway = Gateway::start(&scene.klaviyo, Options::default()).await.expect("starts");
    let mut command = Command::new(program);
    command.args(words).arg(access).args(last).envs(gateway.environment().iter());
    command.env("PYTHONDONTWRITEBYTECODE", "1").stdin(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(LONG, command.output()).await.expect("ends in time");
    let output = output.unwrap_or_else(|error| panic!("{}: {error}; scripts/install-clients", program.display()));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {error}", output.status);
    gateway.stop().await;
    scene.klaviyo.stop().await;
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
