//! The whole standalone checklist against the fixture app, browser start included, several scenarios side by side.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::measure::print;

const TIMES: usize = 3;

pub(crate) fn measure() {
    for jobs in ["1", "2", "4"] {
        let times: Vec<_> = (0..TIMES).map(|_| run(jobs, &[])).collect();
        print(&format!("whole standalone checklist, -j {jobs}"), &times);
    }
}

/// Runs some scenarios, all when none is named, and says how long that took.
pub(crate) fn run(jobs: &str, scenarios: &[&str]) -> Duration {
    let output = tempfile::tempdir().expect("there is room");
    let began = Instant::now();
    let status = command(jobs, output.path()).args(scenarios).stdout(Stdio::null()).status().expect("flowcheck starts");
    assert!(status.success(), "the honest app passes");
    began.elapsed()
}

/// A run that keeps what it records in `output`.
pub(crate) fn command(jobs: &str, output: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowcheck"));
    command
        .args(["run", "--quiet", "-j", jobs, "--config", "fixtures/partner/flowcheck.yaml", "--output"])
        .arg(output)
        .env("PARTNER", partner())
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// The fixture app's program, built beside flowcheck's.
pub(crate) fn partner() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_flowcheck")).with_file_name("partner")
}
