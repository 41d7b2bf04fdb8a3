//! Interactive mode: `--step` at a terminal, and its error where there is none.

use std::fs::File;
use std::io::{Read, Write};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use nix::pty::openpty;

use super::workspace::{RunningProgram, Workspace, end, unchanged};

/// How long the program may take to ask the next thing.
const PATIENCE: Duration = Duration::from_mins(2);

/// A terminal with nobody but the test before it.
struct Terminal {
    keys: File,
    shown: Receiver<String>,
    screen: String,
}

impl Terminal {
    /// A terminal, and its other end for a program's standard input and standard error.
    fn open() -> (Self, Stdio, Stdio) {
        let pty = openpty(None, None).expect("there are terminals");
        let keys = File::from(pty.master);
        let mut screen = keys.try_clone().expect("it can be read, too");
        let (sender, shown) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // Reading fails once the program has gone.
            while let Ok(count) = screen.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..count]).into_owned();
                if count == 0 || sender.send(text).is_err() {
                    break;
                }
            }
        });
        let input = pty.slave.try_clone().expect("a second handle");
        (Self { keys, shown, screen: String::new() }, input.into(), pty.slave.into())
    }

    /// Waits until it shows this, below what was waited for before.
    #[track_caller]
    fn shows(&mut self, part: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.screen.contains(part) {
            match self.shown.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(text) => self.screen.push_str(&text),
                Err(error) => panic!("never showed {part:?} ({error}), but\n{}", self.screen),
            }
        }
        let seen = self.screen.find(part).expect("just found") + part.len();
        self.screen.drain(..seen);
    }

    fn types(&mut self, line: &str) {
        writeln!(self.keys, "{line}").expect("it takes keys");
    }
}

#[test]
fn step_announces_the_next_step_and_waits_for_an_answer() {
    let workspace = Workspace::with_app(unchanged);
    let (mut terminal, input, errors) = Terminal::open();
    let mut command = workspace.run(&["install/signed-in", "--step"]);
    command.stdin(input).stderr(errors);
    let program = RunningProgram::start(command);
    terminal.shows("install/signed-in, step 1 of");
    terminal.shows("next      install from Klaviyo's App Marketplace");
    terminal.types("what?");
    terminal.shows("\"what?\" is no answer. Enter: run this step");
    terminal.types("");
    terminal.shows("step 2 of");
    terminal.shows("in front  /oauth/authorize");
    terminal.shows("next      allow");
    // Further steps are played without asking.
    terminal.types("r");
    let ended = program.ended().with(0);
    assert!(ended.out.contains("install.completes"), "{}", ended.out);
    workspace.is_left_clean();
}

#[test]
fn q_ends_a_run_that_waits_and_leaves_nothing() {
    let workspace = Workspace::with_app(unchanged);
    let (mut terminal, input, errors) = Terminal::open();
    let mut command = workspace.run(&["install/signed-in", "--step"]);
    command.stdin(input).stderr(errors);
    let program = RunningProgram::start(command);
    terminal.shows("step 1 of");
    terminal.types("q");
    program.ended().with(130);
    workspace.is_left_clean();
}

#[test]
fn without_a_terminal_step_and_keep_open_are_refused() {
    let workspace = Workspace::with_app(unchanged);
    let ended = end(workspace.run(&["install/signed-in", "--step"])).with(2);
    assert!(
        ended.err.starts_with("error: --step waits for a key, and standard input is no terminal\n"),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("--slow-mo 300"), "{}", ended.err);
    let ended = end(workspace.run(&["install/signed-in", "--headed", "--keep-open"])).with(2);
    assert!(ended.err.contains("--keep-open waits for a key"), "{}", ended.err);
    let ended = end(workspace.run(&["install/signed-in", "--keep-open"])).with(2);
    assert!(ended.err.contains("--headed"), "{}", ended.err);
}
