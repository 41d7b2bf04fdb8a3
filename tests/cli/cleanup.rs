//! However a run ends, it leaves no process and no temporary file behind.

use nix::sys::signal::Signal;

use super::fixture_app;
use super::processes::{Process, wait_until};
use super::workspace::{Ended, RunningProgram, Workspace, end, unchanged};

/// A start command that never gets ready.
const NEVER_READY: &str = "start:\n  command: sleep 86399\n";

#[test]
fn a_finished_run_leaves_nothing_behind() {
    let workspace = Workspace::with_app(unchanged);
    end(workspace.run(&["install/signed-in"])).with(0);
    workspace.is_left_clean();
}

#[test]
fn without_bidi_nothing_is_left_either_and_the_scenario_passes() {
    let workspace = Workspace::with_app(unchanged);
    let ended = end(workspace.run(&["install/signed-in", "--no-bidi"])).with(0);
    assert!(ended.out.contains("✓ Passed"), "{}", ended.out);
    workspace.is_left_clean();
}

#[test]
fn ctrl_c_ends_a_run_and_reports_what_was_seen() {
    interrupted_by(&[Signal::SIGINT]);
}

#[test]
fn being_terminated_ends_a_run_and_reports_what_was_seen() {
    interrupted_by(&[Signal::SIGTERM]);
}

#[test]
fn a_closed_terminal_ends_a_run_and_reports_what_was_seen() {
    interrupted_by(&[Signal::SIGHUP]);
}

#[test]
fn ctrl_c_twice_is_like_once() {
    interrupted_by(&[Signal::SIGINT, Signal::SIGINT]);
}

/// Interrupts a run in its second scenario.
fn interrupted_by(signals: &[Signal]) {
    let workspace = Workspace::with_app(unchanged);
    let mut going = RunningProgram::start(workspace.run(&["install", "errors", "uninstall", "oauth"]));
    going.says("install/signed-in");
    workspace.wait_for_process("type=renderer");
    let started = workspace.processes();
    assert!(started.iter().any(|process| process.command.contains("driver")), "{started:#?}");
    for signal in signals {
        going.signal(*signal);
    }
    let ended = going.ended().with(130);
    workspace.is_left_clean();
    // They may carry no mark, so they are looked at one by one.
    wait_until("all that was started has ended", || !started.iter().any(Process::is_alive));
    told_as_interrupted(&ended);
    let run = workspace.last_run();
    assert_eq!(run["run"]["interrupted"], true);
    assert_eq!(run["exit_code"], 130);
    let items = run["items"].as_array().expect("a list");
    let verdicts = |wanted: &str| items.iter().filter(|item| item["verdict"] == wanted).count();
    assert!(verdicts("not-run") > 0 && verdicts("pass") > 0 && verdicts("fail") == 0, "{items:#?}");
    let scenarios = run["scenarios"].as_array().expect("a list");
    assert!(scenarios.iter().any(|scenario| scenario["id"] == "install/klaviyo-accounts"), "all are listed");
    assert!(workspace.read("reports/latest/index.html").contains("nterrupted"));
}

#[test]
fn a_run_that_is_killed_leaves_nothing_either() {
    let workspace = Workspace::with_app(unchanged);
    let mut going = RunningProgram::start(workspace.run(&["install", "errors"]));
    going.says("install/signed-in");
    workspace.wait_for_process("type=renderer");
    let started = workspace.processes();
    assert!(started.iter().any(|process| process.command.contains("watchdog")), "{started:#?}");
    going.signal(Signal::SIGKILL);
    assert_eq!(going.ended().code, None);
    wait_until("all that was started has ended", || !started.iter().any(Process::is_alive));
    wait_until("nothing is left", || workspace.processes().is_empty());
    workspace.is_left_clean();
}

#[test]
fn a_watchdog_that_is_killed_is_followed_by_another() {
    let workspace = Workspace::with_app(unchanged);
    let mut going = RunningProgram::start(workspace.run(&["install", "errors"]));
    going.says("install/signed-in");
    let watchdogs = || workspace.processes().into_iter().filter(|one| one.command.ends_with(" watchdog "));
    watchdogs().for_each(|one| one.kill());
    wait_until("there is another", || watchdogs().count() == 1);
    workspace.wait_for_process("type=renderer");
    let started = workspace.processes();
    going.signal(Signal::SIGKILL);
    assert_eq!(going.ended().code, None);
    wait_until("all that was started has ended", || !started.iter().any(Process::is_alive));
    workspace.is_left_clean();
}

#[test]
fn a_sandbox_that_is_killed_leaves_no_folder() {
    let workspace = Workspace::new();
    let mut going = RunningProgram::start(workspace.flowcheck(&["serve", "--listen", "127.0.0.1:0"]));
    going.says("Ctrl-C ends it");
    going.signal(Signal::SIGKILL);
    assert_eq!(going.ended().code, None);
    wait_until("nothing is left", || workspace.processes().is_empty());
    workspace.is_left_clean();
}

#[test]
fn ctrl_c_does_not_wait_for_an_app_that_is_starting() {
    let workspace = Workspace::with_app(|text| start_by(text, NEVER_READY));
    let going = RunningProgram::start(workspace.run(&["install/signed-in", "install/signed-out"]));
    workspace.wait_for_process("sleep 86399");
    going.signal(Signal::SIGINT);
    told_as_interrupted(&going.ended().with(130));
    workspace.is_left_clean();
}

#[test]
fn ctrl_c_while_the_browser_starts_leaves_nothing() {
    let workspace = Workspace::with_app(unchanged);
    let going = RunningProgram::start(workspace.run(&["install/signed-in"]));
    workspace.wait_for_process("driver");
    going.signal(Signal::SIGINT);
    told_as_interrupted(&going.ended().with(130));
    workspace.is_left_clean();
}

#[test]
fn ctrl_c_ends_the_doctor_too() {
    let workspace = Workspace::with_app(|text| start_by(text, NEVER_READY));
    let mut command = workspace.flowcheck(&["doctor"]);
    command.env("PARTNER", fixture_app::program());
    let going = RunningProgram::start(command);
    workspace.wait_for_process("sleep 86399");
    going.signal(Signal::SIGINT);
    let ended = going.ended().with(130);
    assert!(ended.out.contains("Interrupted before the end"), "{}", ended.out);
    workspace.is_left_clean();
}

#[test]
fn an_app_that_ignores_signals_is_killed_with_all_its_children() {
    let stubborn = "start:\n  command: sh -c 'trap \"\" TERM; sleep 86398 & ${PARTNER} --port {port} --data {data} --demo-data \
                    --multi-tenant drop-down --klaviyo-www {klaviyo_www} --klaviyo-api {klaviyo_api}; sleep 86397'\n  \
                    env:\n    KLAVIYO_CLIENT_ID: harbour-reviews\n    KLAVIYO_CLIENT_SECRET: harbour-reviews-client-secret\n  \
                    ready: http://localhost:{port}/healthz\n";
    let workspace = Workspace::with_app(|text| start_by(text, stubborn));
    end(workspace.run(&["install/signed-in"])).with(0);
    workspace.is_left_clean();
}

#[test]
fn a_closed_pipe_does_not_end_a_run() {
    let workspace = Workspace::with_app(unchanged);
    let mut child = workspace.run(&["install/signed-in"]).spawn().expect("the program starts");
    drop((child.stdout.take(), child.stderr.take()));
    wait_until("the run has ended", || child.try_wait().expect("it can be waited for").is_some());
    assert_eq!(child.wait().expect("it can be waited for").code(), Some(0));
    assert_eq!(workspace.last_run()["exit_code"], 0);
    workspace.is_left_clean();
}

#[track_caller]
fn told_as_interrupted(ended: &Ended) {
    assert!(ended.out.contains("Interrupted: finishing what has begun"), "{}", ended.out);
    assert_eq!(ended.out.matches("Interrupted: ").count(), 1, "{}", ended.out);
    assert!(ended.out.contains("Interrupted before the end"), "{}", ended.out);
}

/// The configuration with another `start`.
pub(crate) fn start_by(text: &str, start: &str) -> String {
    let begin = text.find("start:\n").expect("the app is started");
    let end = text.find("reach: ").expect("it is said how it reaches Klaviyo");
    format!("{}{start}{}", &text[..begin], &text[end..])
}
