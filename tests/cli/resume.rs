//! What of a run is on disk when: before it begins, when it is killed, and when there is no room.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use nix::sys::signal::Signal;
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use serde_json::Value;

use super::processes::wait_until;
use super::workspace::{RunningProgram, Workspace, end, fixture, unchanged};

/// The folder of the one run that there is.
fn run_folder(workspace: &Workspace) -> PathBuf {
    let folders = fs::read_dir(workspace.path("reports")).expect("it was made").flatten();
    let mut runs = folders.map(|one| one.path()).filter(|path| path.is_dir() && !path.is_symlink());
    let run = runs.next().expect("there is a run");
    assert_eq!(runs.next(), None);
    run
}

#[test]
fn a_killed_run_keeps_what_it_completed_and_is_gone_on_with() {
    let workspace = Workspace::with_app(unchanged);
    let mut going = RunningProgram::start(workspace.run(&["install/signed-in", "errors/denied"]));
    going.says("install/signed-in");
    let record = run_folder(&workspace).join("unfinished.jsonl");
    let lines = || fs::read_to_string(&record).unwrap_or_default();
    wait_until("it is kept", || lines().lines().count() == 2 && lines().ends_with('\n'));
    going.signal(Signal::SIGKILL);
    assert_eq!(going.ended().code, None);
    let kept: Value = serde_json::from_str(lines().lines().nth(1).expect("a scenario")).expect("it is JSON");
    // As if it had been killed while it wrote.
    fs::OpenOptions::new()
        .append(true)
        .open(&record)
        .and_then(|mut file| file.write_all(b"{\"id\":\"err"))
        .expect("room");

    let shown = run_folder(&workspace).display().to_string();
    let ended = end(workspace.flowcheck(&["judge", &shown])).with(2);
    assert!(ended.err.contains("did not end; `flowcheck run --resume"), "{}", ended.err);

    let ended = end(workspace.run(&["--resume"])).with(0);
    assert!(ended.out.contains("errors/denied") && ended.flat_out().contains("✓ Passed"), "{}", ended.out);
    let run = workspace.last_run();
    let scenarios: Vec<&Value> = run["scenarios"].as_array().expect("a list").iter().collect();
    let ids: Vec<&str> = scenarios.iter().filter_map(|scenario| scenario["id"].as_str()).collect();
    assert_eq!(ids, ["install/signed-in", "errors/denied"]);
    // It was not played again.
    assert_eq!(scenarios[0]["took_ms"], kept["took_ms"]);
    assert_eq!(scenarios[0]["evidence"], kept["evidence"]);
    let shot =
        scenarios[0].to_string().split("\"shot\":\"").nth(1).and_then(|rest| rest.split('"').next().map(str::to_owned));
    assert!(run_folder(&workspace).join("shots").join(shot.expect("there is a picture")).is_file());
    assert!(!record.exists(), "it is complete");
    end(workspace.run(&["--resume"])).with(2);
    end(workspace.run(&["--resume", &shown, "errors/denied"])).with(2);
}

#[test]
fn a_run_under_other_rules_is_not_gone_on_with() {
    let workspace = Workspace::with_app(unchanged);
    let mut going = RunningProgram::start(workspace.run(&["install/signed-in", "errors/denied"]));
    going.says("install/signed-in");
    let record = run_folder(&workspace).join("unfinished.jsonl");
    wait_until("it is kept", || fs::read_to_string(&record).is_ok_and(|text| text.lines().count() == 2));
    going.signal(Signal::SIGINT);
    let ended = going.ended().with(130);
    assert!(ended.err.contains("flowcheck run --resume reports/"), "{}", ended.err);
    let ended = end(workspace.run(&["--resume", "--strict"])).with(2);
    assert!(ended.err.contains("--strict differs"), "{}", ended.err);
    assert!(record.exists(), "it can still be gone on with");
}

#[test]
fn a_folder_that_cannot_be_written_is_told_before_the_run() {
    let workspace = Workspace::with_app(unchanged);
    for arguments in [
        ["install/signed-in", "--output", "flowcheck.yaml/reports"],
        ["install/signed-in", "--report", "json=flowcheck.yaml/run.json"],
        ["install/signed-in", "--report", "json=."],
    ] {
        let ended = end(workspace.run(&arguments)).with(3);
        assert!(ended.err.contains("could not write") && ended.out.is_empty(), "{}{}", ended.out, ended.err);
    }
    assert!(
        !workspace.path("reports").exists()
            || fs::read_dir(workspace.path("reports")).is_ok_and(|mut all| all.next().is_none())
    );
    workspace.is_left_clean();
}

#[test]
fn a_full_disk_costs_the_reports_on_it_and_no_verdict() {
    let workspace = Workspace::new();
    workspace.write("run.json", &fixture("reports/sample/run.json"));
    let reports = "html=/dev/full,json=out/run.json,junit=/dev/full,tap=out/run.tap";
    let ended = end(workspace.flowcheck(&["judge", "run.json", "--report", reports])).with(1);
    assert!(ended.out.contains("✗ install.signed-out.resumes"), "{}", ended.out);
    assert_eq!(ended.err.matches("could not write /dev/full: No space left on device").count(), 2, "{}", ended.err);
    assert!(
        workspace.read("out/run.json").contains("\"exit_code\": 1") && workspace.read("out/run.tap").contains("not ok")
    );
}

/// An answer to a request, head and body.
fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap_or_else(|error| panic!("{path}: {error}"));
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn show_serves_regular_files_of_the_run_and_nothing_else() {
    let workspace = Workspace::new();
    fs::create_dir_all(workspace.path("run/shots")).expect("room");
    workspace.write("run/run.json", &fixture("reports/sample/run.json"));
    workspace.write("run/shots/a.png", "a picture");
    workspace.write("secret.png", "a secret");
    std::os::unix::fs::symlink(workspace.path("secret.png"), workspace.path("run/shots/link.png")).expect("links");
    mkfifo(&workspace.path("run/shots/pipe.png"), Mode::S_IRWXU).expect("pipes");
    fs::create_dir(workspace.path("run/shots/folder.png")).expect("room");
    let mut server = RunningProgram::start(workspace.flowcheck(&["show", "run", "--port", "0"]));
    let address = server.says("http://").trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
    for (path, status) in [
        ("/", "200"),
        ("/run.json", "200"),
        ("/shots/a.png", "200"),
        ("/shots/link.png", "404"),
        ("/shots/pipe.png", "404"),
        ("/shots/folder.png", "404"),
        ("/shots/../run.json", "404"),
        ("/secret.png", "404"),
    ] {
        let answer = get(&address, path);
        let head = answer.split("\r\n\r\n").next().unwrap_or_default().to_ascii_lowercase();
        assert!(head.starts_with(&format!("http/1.1 {status}")), "{path}: {head}");
        for header in [
            "frame-ancestors 'none'",
            "x-frame-options: deny",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
        ] {
            assert!(head.contains(header), "{path} lacks {header}: {head}");
        }
    }
    server.signal(Signal::SIGINT);
    server.ended().with(0);
}
