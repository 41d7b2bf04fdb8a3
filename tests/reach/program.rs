//! The program, run on the fixture app as one of its files describes it.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::fixture_app;

/// How a run ended: its exit code, what it printed, and `run.json` where there is one.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) run: Value,
}

/// `flowcheck run` with a text as its `flowcheck.yaml`, and these arguments.
pub(crate) fn run(text: &str, arguments: &[&str]) -> Ended {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    std::fs::write(folder.path().join("flowcheck.yaml"), text).expect("the file can be written");
    let ended = end(command(&[&["run"], arguments].concat(), folder.path()).env("PARTNER", fixture_app::program()));
    let run = std::fs::read_to_string(folder.path().join("reports/latest/run.json")).unwrap_or_default();
    Ended { run: serde_json::from_str(&run).unwrap_or(Value::Null), ..ended }
}

/// The program with these arguments.
pub(crate) fn flowcheck(arguments: &[&str]) -> Ended {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    end(&mut command(arguments, folder.path()))
}

fn command(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowcheck"));
    command.args(arguments).current_dir(folder).env("TMPDIR", folder).env_remove("FLOWCHECK_CONFIG");
    command.stdin(Stdio::null());
    command
}

fn end(command: &mut Command) -> Ended {
    let output = command.output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let words = text(&output.stdout) + &text(&output.stderr);
    Ended {
        code: output.status.code(),
        // Reports are wrapped to fit.
        out: words.split_whitespace().collect::<Vec<_>>().join(" "),
        run: Value::Null,
    }
}

/// A file that describes the fixture app.
pub(crate) fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/partner");
    std::fs::read_to_string(folder.join(name)).expect("the fixture is there")
}
