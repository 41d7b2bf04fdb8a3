//! Harbour Reviews, the fixture app, as tests use it: built, described, and run through scenarios.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use flowcheck::browser::find;
use flowcheck::checklist::Outcome;
use flowcheck::evidence::error_chain;
use flowcheck::runner::{Plan, run};
use flowcheck::scenario::{AppFile, Loaded, builtin, parse_app_with, parse_scenario};
use flowcheck::watchdog::{TempFolder, spawn};
use tokio::sync::{mpsc, watch};

/// Every built-in scenario.
pub(crate) fn scenarios() -> Vec<Arc<Loaded>> {
    builtin()
        .iter()
        .map(|builtin| Arc::new(parse_scenario(builtin.file, builtin.source).expect("built-in scenarios are sound")))
        .collect()
}

/// The folder of the programs (`partner`, and `host` that it is embedded in), built when they are first asked for: cargo does
/// not build another package's program for a test. Asked for examples, cargo takes what tests depend on into account as it
/// did for this test, so that nothing is built a second time with other features.
fn programs() -> &'static Path {
    static PROGRAMS: OnceLock<PathBuf> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_BIN_EXE_flowcheck")).parent().expect("a program stands in a folder");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--workspace", "--bins", "--examples"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().expect("cargo runs").success(), "the fixture app and its host do not build");
        folder.to_owned()
    })
}

/// The fixture app.
pub(crate) fn program() -> PathBuf {
    programs().join("partner")
}

/// Its `flowcheck.yaml`, or another beside it.
pub(crate) fn file(name: &str) -> AppFile {
    parsed(name, &source(name))
}

/// What that file says.
pub(crate) fn source(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).expect("the file is there")
}

/// The app that such a file describes.
pub(crate) fn parsed(name: &str, source: &str) -> AppFile {
    let environment = |name: &str| match name {
        "PARTNER" => Some(program().display().to_string()),
        "HOST" => Some(programs().join("host").display().to_string()),
        _ => None,
    };
    parse_app_with(name, source, &environment).unwrap_or_else(|found| panic!("{}", found.render(false)))
}

/// Runs scenarios against the app, `workers` side by side.
pub(crate) fn play(file: AppFile, scenarios: Vec<Arc<Loaded>>, workers: usize) -> Outcome {
    play_in(file, scenarios, workers, false)
}

/// The same; in `real_time` nothing moves the clocks.
pub(crate) fn play_in(file: AppFile, scenarios: Vec<Arc<Loaded>>, workers: usize, real_time: bool) -> Outcome {
    let path = std::env::var("PATH").unwrap_or_default();
    let wanted = std::env::var("FLOWCHECK_BROWSER").ok();
    let browser = find(wanted.as_deref(), false, &path).unwrap_or_else(|error| panic!("{error}"));
    // Where a test binary is ended, what it started ends too.
    spawn(Path::new(env!("CARGO_BIN_EXE_flowcheck"))).expect("the watchdog starts");
    let temporary = TempFolder::new("flowcheck-test-").expect("there is room for temporary files");
    let shots = temporary.path().join("shots");
    std::fs::create_dir(&shots).expect("there is room for temporary files");
    let app = folder().join("flowcheck.yaml");
    let plan = Plan {
        config: "fixtures/partner/flowcheck.yaml".to_owned(),
        workers,
        real_time,
        program: None,
        shots,
        ..Plan::new(Arc::new(file), &app, scenarios, browser, temporary.path())
    };
    let (progress, _told) = mpsc::unbounded_channel();
    let (_stop, stopped) = watch::channel(false);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(run(plan, progress, stopped)).unwrap_or_else(|error| panic!("{}", error_chain(&error)))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/partner")
}
