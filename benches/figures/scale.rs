//! Many scenarios: on one machine with several workers, through a Grid on the same machine, and as a shard. The set is made: copies of
//! two of the checklist's scenarios, each with an id of its own.
//!
//! `FLOWCHECK_SCALE=10,100,1000` names the sizes; without it they are 10 and 100.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::checklist::partner;
use super::page::tell;
use super::server::Grid;

const COPIED: [&str; 2] = ["install/signed-in", "install/signed-out"];
/// Shards that a set is dealt out to.
const SHARDS: usize = 4;

pub(crate) fn measure() {
    let sizes = std::env::var("FLOWCHECK_SCALE").unwrap_or_else(|_| "10,100".to_owned());
    let grid = Grid::alone();
    for size in sizes.split(',').map(|size| size.trim().parse().expect("FLOWCHECK_SCALE names sizes, such as 10,100")) {
        let folder = tempfile::tempdir().expect("there is room");
        let files = copies(folder.path(), size);
        let took = |what: &str, words: &[&str]| {
            let took = run(folder.path(), words, &files);
            tell(format!("{size} scenarios, {what}"), format!("{:.1} s", took.as_secs_f64()));
        };
        for jobs in ["1", "2", "4"] {
            took(&format!("-j {jobs}"), &["-j", jobs, "--output", "whole"]);
        }
        took(
            "-j 4 through a Grid of two nodes on the same machine",
            &["-j", "4", "--output", "grid", "--webdriver", &grid.url()],
        );
        for shard in 1..=SHARDS {
            let (part, output) = (format!("{shard}/{SHARDS}"), format!("shard-{shard}"));
            took(&format!("-j 2 --shard {part}"), &["-j", "2", "--shard", &part, "--output", &output]);
        }
        let began = Instant::now();
        let shards: Vec<String> = (1..=SHARDS).map(|shard| format!("shard-{shard}/latest")).collect();
        let merged = flowcheck(folder.path()).arg("merge").args(["--output", "merged"]).args(shards).status();
        assert!(merged.expect("flowcheck starts").success(), "the shards are a whole that passed");
        tell(format!("{size} scenarios, merging {SHARDS} shards"), format!("{:.1} s", began.elapsed().as_secs_f64()));
    }
}

fn run(folder: &Path, words: &[&str], files: &[PathBuf]) -> Duration {
    let began = Instant::now();
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/partner/flowcheck.yaml");
    let run = flowcheck(folder).args(["run", "--quiet", "--config"]).arg(config).args(words).args(files).status();
    assert!(run.expect("flowcheck starts").success(), "the honest app passes");
    began.elapsed()
}

fn flowcheck(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowcheck"));
    command.current_dir(folder).env("PARTNER", partner()).stdout(Stdio::null());
    command
}

/// As many files, each a scenario.
fn copies(folder: &Path, size: usize) -> Vec<PathBuf> {
    let sources = COPIED.map(|id| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(id).with_extension("yaml");
        (id, fs::read_to_string(file).expect("the scenario is there"))
    });
    (0..size)
        .map(|number| {
            let (id, source) = &sources[number % sources.len()];
            let file = folder.join(format!("scale-{number:04}.yaml"));
            let copy = source.replacen(&format!("id: {id}"), &format!("id: scale/copy-{number:04}"), 1);
            fs::write(&file, copy).expect("there is room");
            file
        })
        .collect()
}
