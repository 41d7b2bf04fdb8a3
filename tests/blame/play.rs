//! One row, played by flowcheck as a user starts it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flowcheck::browser::find;
use serde_json::Value;

use crate::processes::{marked, wait_until};
use crate::table::{Blame, Row};

/// What flowcheck said of it.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) exit: i32,
    pub(crate) took: Duration,
    /// What the program wrote.
    pub(crate) output: String,
    /// The run as JSON; null where there is none.
    run: Value,
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/blame")
}

/// Plays a row in a folder of its own. Nothing of it may be left behind.
pub(crate) fn play(row: &Row) -> Played {
    let folder = tempfile::Builder::new().prefix("flowcheck-blame-").tempdir().expect("there is room for a folder");
    let path = |name: &str| folder.path().join(name);
    let mark = format!("flowcheck-mark-{:016x}", rand::random::<u64>());
    fs::create_dir(path(&mark)).expect("there is room for a folder");
    let script = |name: &str, before: Option<&String>, program: &str| {
        let text = format!("#!/bin/sh\n{}\nexec {program} \"$@\"\n", before.map_or("", String::as_str));
        fs::write(path(name), text).expect("there is room for a file");
        fs::set_permissions(path(name), fs::Permissions::from_mode(0o755)).expect("the file is ours");
        path(name).display().to_string()
    };
    let node = |file: &str| format!("node {}", here().join(file).display());
    let app = script("app", row.app.as_ref(), &node("app.mjs"));
    let host = script("host", None, &node("host.mjs"));
    let search = std::env::var("PATH").expect("a path");
    let wanted = std::env::var("FLOWCHECK_BROWSER").ok();
    let found = find(wanted.as_deref(), false, &search).unwrap_or_else(|error| panic!("{error}"));
    let browser = script("browser", row.browser.as_ref(), &found.browser.display().to_string());
    fs::create_dir(path("bin")).expect("there is room for a folder");
    script("bin/chromedriver", row.driver.as_ref(), &found.driver.display().to_string());
    let config = if row.host.is_some() { "embedded.flowcheck.yaml" } else { "flowcheck.yaml" };
    for file in [config, "flow.yaml", "disconnect.yaml"] {
        fs::copy(here().join(file), path(file)).expect("there is room for a file");
    }
    let flowcheck = script("start", row.flowcheck.as_ref(), env!("CARGO_BIN_EXE_flowcheck"));
    let mut run = Command::new(flowcheck);
    run.args(["run", "--config", config, "--browser", &browser])
        .args(&row.arguments)
        .arg(row.scenario.as_deref().unwrap_or("flow.yaml"))
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .env("PATH", format!("{}:{search}", path("bin").display()))
        .env("TMPDIR", path(&mark))
        .env("FLOWCHECK_TEST_MARK", &mark)
        .env("APP", app)
        .env("HOST", host)
        .env("FAULT_FILE", path("fired"));
    for name in ["FLOWCHECK_CONFIG", "FLOWCHECK_LOG", "FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "CI"] {
        run.env_remove(name);
    }
    if let Some(fault) = &row.fault {
        run.env("FAULT", fault.to_string());
    }
    if let Some(fault) = &row.host {
        run.env("HOST_FAULT", fault);
    }
    let begun = Instant::now();
    let ended = run.output().expect("flowcheck starts");
    let took = begun.elapsed();
    let output = String::from_utf8_lossy(&ended.stdout) + String::from_utf8_lossy(&ended.stderr);
    let fired = fs::read_to_string(path("fired")).unwrap_or_default();
    let run = fs::read_to_string(path("reports/latest/run.json")).ok();
    wait_until("nothing that was started is left", || marked(&mark).is_empty());
    if std::env::var_os("FLOWCHECK_KEEP").is_some() {
        println!("kept: {}", folder.keep().display());
    }
    Played {
        exit: ended.status.code().or(ended.status.signal().map(|signal| 128 + signal)).unwrap_or(-1),
        took,
        output: format!("{output}\nfaults: {fired}"),
        run: run.and_then(|run| serde_json::from_str(&run).ok()).unwrap_or_default(),
    }
}

impl Played {
    /// What is not as the row says, a line each; empty where all is.
    pub(crate) fn wrong(&self, row: &Row) -> String {
        let mut wrong = Vec::new();
        if !row.exit.all().contains(&self.exit) {
            wrong.push(format!("exit code: expected {:?}, seen {}", row.exit.all(), self.exit));
        }
        if !row.blame.all().contains(&self.blame()) {
            wrong.push(format!("blame: expected {:?}, seen {:?}", row.blame.all(), self.blame()));
        }
        if let Some(words) = &row.says
            && !self.said().contains(words.as_str())
        {
            wrong.push(format!("it does not say \"{words}\""));
        }
        if row.fault.as_ref().is_some_and(|fault| fault["do"] == "signal") && self.signals_nobody() {
            wrong.push("no process was there to be signalled".to_owned());
        }
        wrong.join("\n")
    }

    /// Whether a signal was sent to no process at all.
    fn signals_nobody(&self) -> bool {
        let fired = self.output.rsplit_once("faults: ").map_or("", |(_, fired)| fired);
        !fired.lines().any(|line| line.split(' ').any(|word| word.parse::<u32>().is_ok()))
    }

    /// Whose fault the run says it is.
    pub(crate) fn blame(&self) -> Blame {
        let items = self.run["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        let fails_by = |who: &str| items.iter().any(|item| item["verdict"] == "fail" && item["fault"] == who);
        match self.exit {
            _ if fails_by("app") => Blame::App,
            2 => Blame::Config,
            3 => Blame::Harness,
            _ => Blame::Nobody,
        }
    }

    /// All that it said, on one line.
    fn said(&self) -> String {
        let run = self.run.to_string().replace("\\\"", "\"");
        format!("{} {run}", self.output.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The words that tell it, for people.
    pub(crate) fn words(&self) -> String {
        let items = self.run["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        let saw = items.iter().find_map(|item| item["finding"]["saw"].as_str().filter(|_| item["verdict"] == "fail"));
        let end = self.run["scenarios"][0]["end"].as_object().and_then(|end| end.values().next()?.as_str());
        let line = self.output.lines().find(|line| line.starts_with("error: "));
        let tries = self.run["scenarios"][0]["earlier"].as_array().map_or(0, Vec::len);
        let words = saw.or(end).or(line).unwrap_or_default().lines().next().unwrap_or_default();
        if tries > 0 && words.is_empty() { "played again in a new browser".to_owned() } else { words.to_owned() }
    }
}
