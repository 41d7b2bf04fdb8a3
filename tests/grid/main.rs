//! A real Selenium Grid, and a browser on another host: what is asked for, how it comes back, and that it is given back.
//!
//! `server` starts the Grid from its jar, a hub and two nodes with two slots each; `remote_host` one in a network of its own, which stands
//! for another host. The program itself is started as users start it.

#[path = "../fixture_app/mod.rs"]
#[expect(dead_code, reason = "only the fixture app's program is needed here; the rest is for tests that run scenarios")]
mod fixture_app;
#[path = "../cli/processes.rs"]
#[expect(dead_code, reason = "no process is killed here that only its command tells")]
mod processes;
mod remote_host;
mod server;
#[path = "../cli/workspace.rs"]
#[expect(dead_code, reason = "what other tests of the program need besides")]
mod workspace;

use std::process::Command;

use nix::sys::signal::Signal;

use processes::{Process, wait_until};
use remote_host::Away;
use server::Grid;
use workspace::{RunningProgram, Workspace, end, unchanged};

#[test]
fn four_scenarios_at_once_go_through_a_grid_with_two_nodes_and_give_their_sessions_back() {
    let grid = Grid::alone();
    let workspace = Workspace::with_app(unchanged);
    let mut command = workspace.run(&[
        "-j",
        "4",
        "install/signed-in",
        "install/signed-out",
        "install/no-account",
        "install/from-app",
    ]);
    command.args(["--webdriver", &grid.url()]);
    let going = RunningProgram::start(command);
    wait_until("each of two nodes has two of the four sessions", || grid.sessions_by_node() == [2, 2]);
    going.ended().with(0);
    assert_eq!(grid.sessions_by_node(), [0, 0]);
    let doctor = end(examining(&workspace, &grid.url())).with(0).flat_out();
    assert!(
        doctor.contains(&format!("{} has chrome", grid.url())) && doctor.contains("Everything is ready"),
        "{doctor}"
    );
    let run = workspace.read("reports/latest/run.json");
    // Only BiDi tells the status of a hop; without it this would be another, shorter run.
    assert!(run.contains("\"status\": 302") || run.contains("\"status\":302"), "BiDi goes through the Grid");
    workspace.is_left_clean();
}

fn examining(workspace: &Workspace, end: &str) -> Command {
    let mut command = workspace.flowcheck(&["doctor", "--webdriver", end]);
    command.env("PARTNER", fixture_app::program());
    command
}

#[test]
fn who_finds_no_slot_is_told_so_and_a_killed_run_gives_back_what_it_had() {
    let grid = Grid::alone();
    let never_ready = |text: &str| text.replace("${PARTNER}", "sh -c 'sleep 86399'");
    let workspace = Workspace::with_app(never_ready);
    let scenarios = ["-j", "4", "install/signed-in", "install/signed-out", "install/no-account", "install/from-app"];
    let mut command = workspace.run(&scenarios);
    command.args(["--webdriver", &grid.url()]);
    let going = RunningProgram::start(command);
    wait_until("all slots are taken", || grid.sessions_by_node() == [2, 2]);
    workspace.wait_for_process("sleep 86399");

    let late = Workspace::with_app(unchanged);
    let ended = end(late.run(&["install/signed-in", "--webdriver", &grid.url()])).with(3);
    assert!(ended.err.contains("no browser free in time") && ended.err.contains("-j"), "{}", ended.err);
    late.is_left_clean();

    let started = workspace.processes();
    going.signal(Signal::SIGKILL);
    assert_eq!(going.ended().code, None);
    wait_until("the sessions are given back", || grid.sessions_by_node() == [0, 0]);
    wait_until("all that was started has ended", || !started.iter().any(Process::is_alive));
    wait_until("nothing is left", || workspace.processes().is_empty());
    workspace.is_left_clean();
}

#[test]
fn what_a_grid_lacks_is_said_at_once() {
    let grid = Grid::alone();
    let workspace = Workspace::with_app(unchanged);
    let said = |arguments: &[&str], code| end(workspace.run(arguments)).with(code).err;
    let error = said(&["install/signed-in", "--browser", "firefox", "--webdriver", &grid.url()], 3);
    assert!(error.contains("has no firefox, only chrome"), "{error}");
    // Nobody listens at the discard service's port.
    let error = said(&["install/signed-in", "--webdriver", "http://127.0.0.1:9"], 3);
    assert!(
        error.contains("no WebDriver answers at http://127.0.0.1:9") && error.contains("is the Grid up"),
        "{error}"
    );
    let doctor = end(examining(&workspace, "http://127.0.0.1:9")).with(3).flat_out();
    assert!(
        doctor.contains("no WebDriver answers at http://127.0.0.1:9") && doctor.contains("is the Grid up"),
        "{doctor}"
    );
    let error = said(&["install/signed-in", "--webdriver", "grid:4444"], 2);
    assert!(error.contains("write http://HOST:PORT"), "{error}");
    workspace.is_left_clean();
}

#[test]
fn a_browser_on_another_host_reaches_klaviyo_and_the_app_where_this_one_is_advertised() {
    let away = match Away::open() {
        Ok(away) => away,
        Err(why) => {
            println!("not tried: {why}");
            return;
        }
    };
    let workspace = Workspace::with_app(unchanged);
    let run = |trusting: bool, more: &[&str]| {
        let mut command = workspace.run(&["install/signed-in", "--webdriver", away.url()]);
        if trusting {
            command.env("SSL_CERT_FILE", away.certificate());
        }
        command.args(more);
        end(command)
    };
    let ended = run(false, &[]).with(3);
    assert!(ended.err.contains(away.url()) && ended.err.contains("SSL_CERT_FILE"), "{}", ended.err);
    let ended = run(true, &[]).with(3);
    assert!(ended.flat_out().contains("--advertise HOST"), "{}", ended.out);
    let ended = run(true, &["--advertise", away.here()]).with(0);
    assert!(ended.out.contains("✓ Passed"), "{}", ended.out);
    workspace.is_left_clean();
}
