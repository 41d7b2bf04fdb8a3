//! A test's temporary folder, in which it starts, watches and ends the program.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use super::fixture_app;
use super::processes::{Process, marked, wait_until};

/// How long the program may take to say the next thing.
const PATIENCE: Duration = Duration::from_mins(2);

/// A test's own folder. What the program starts carries its mark: in the environment, and in the path of temporary files.
pub(crate) struct Workspace {
    folder: tempfile::TempDir,
    mark: String,
}

/// How a program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A program that runs. Killed when the test fails before its end.
pub(crate) struct RunningProgram {
    child: Child,
    lines: Receiver<String>,
    heard: String,
    errors: Option<JoinHandle<String>>,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("flowcheck-cli-").tempdir().expect("there is room for a folder");
        let mark = format!("flowcheck-mark-{:016x}", rand::random::<u64>());
        fs::create_dir(folder.path().join(&mark)).expect("there is room for a folder");
        Self { folder, mark }
    }

    /// The same, with the fixture app's `flowcheck.yaml` in it, changed as wanted.
    pub(crate) fn with_app(change: impl Fn(&str) -> String) -> Self {
        let workspace = Self::new();
        workspace.write("flowcheck.yaml", &change(&fixture("fixtures/partner/flowcheck.yaml")));
        workspace
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("the file can be written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The last run as JSON.
    pub(crate) fn last_run(&self) -> Value {
        serde_json::from_str(&self.read("reports/latest/run.json")).expect("run.json is JSON")
    }

    /// The program with its arguments, to be started in this folder.
    pub(crate) fn flowcheck(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowcheck"));
        command.args(arguments).current_dir(self.folder.path());
        command.env("FLOWCHECK_TEST_MARK", &self.mark).env("TMPDIR", self.path(&self.mark));
        for name in [
            "FLOWCHECK_CONFIG",
            "FLOWCHECK_LOG",
            "CLICOLOR_FORCE",
            "FORCE_COLOR",
            "GITHUB_ACTIONS",
            "CI",
            "DEFECTS",
            "PARTNER",
            "FLOWCHECK_PASSWORD",
            "KLAVIYO_CLIENT_ID",
            "KLAVIYO_CLIENT_SECRET",
        ] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The same, for a run of the fixture app, which is built for it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Command {
        let mut command = self.flowcheck(&[&["run"], arguments].concat());
        command.env("PARTNER", fixture_app::program());
        command
    }

    /// Living processes that the program started here, itself included.
    pub(crate) fn processes(&self) -> Vec<Process> {
        marked(&self.mark)
    }

    /// Waits until a process whose command line contains a word runs here.
    pub(crate) fn wait_for_process(&self, word: &str) {
        wait_until(&format!("{word} runs"), || self.processes().iter().any(|process| process.command.contains(word)));
    }

    /// No process and no temporary file is left.
    pub(crate) fn is_left_clean(&self) {
        let files: Vec<PathBuf> = fs::read_dir(self.path(&self.mark))
            .expect("the folder for temporary files is there")
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        assert!(files.is_empty(), "left behind: {files:?}");
        // What was killed is gone when the system gets round to it.
        wait_until("nothing that was started is left", || self.processes().is_empty());
    }
}

impl RunningProgram {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let (said, lines) = channel();
        let out = child.stdout.take().expect("its output is piped");
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if said.send(line).is_err() {
                    break;
                }
            }
        });
        // None where they go to a terminal.
        let errors = child.stderr.take().map(|mut err| {
            std::thread::spawn(move || {
                let mut text = Vec::new();
                let _ = err.read_to_end(&mut text);
                String::from_utf8_lossy(&text).into_owned()
            })
        });
        Self { child, lines, heard: String::new(), errors }
    }

    /// Waits for a line of output that contains `part`, and returns it.
    pub(crate) fn says(&mut self, part: &str) -> String {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.heard.push_str(&line);
                    self.heard.push('\n');
                    if line.contains(part) {
                        return line;
                    }
                }
                Err(error) => panic!("never said {part:?} ({error}); said\n{}", self.heard),
            }
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("ids are small");
        kill(Pid::from_raw(id), signal).expect("it still runs");
    }

    /// Waits until it has ended.
    pub(crate) fn ended(mut self) -> Ended {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.heard.push_str(&line);
                    self.heard.push('\n');
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("did not end; said\n{}", self.heard),
            }
        }
        let mut code = None;
        wait_until("it has ended", || {
            let status = self.child.try_wait().expect("it can be waited for");
            code = status.and_then(|status| status.code());
            status.is_some()
        });
        let err = self.errors.take().and_then(|errors| errors.join().ok()).unwrap_or_default();
        Ended { code, out: std::mem::take(&mut self.heard), err }
    }
}

impl Drop for RunningProgram {
    fn drop(&mut self) {
        // Fails where it has ended, as it should have.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    /// Checks the exit code; what was said is shown where it is another.
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "standard output:\n{}\nstandard error:\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// What was printed, spaces and line ends folded: reports are wrapped to fit.
    pub(crate) fn flat_out(&self) -> String {
        self.out.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Runs a program to its end.
pub(crate) fn end(command: Command) -> Ended {
    RunningProgram::start(command).ended()
}

/// A file of the repository.
pub(crate) fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("the fixture is there")
}

/// As it stands.
pub(crate) fn unchanged(text: &str) -> String {
    text.to_owned()
}
