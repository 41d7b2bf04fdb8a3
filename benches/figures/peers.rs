//! The same flows by other tools: Playwright Test with and without its records, a bare script, selenium-webdriver.
//! Same browser, same flows, as many workers; each flow in a world of its own. See `benches/peers/`.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use super::checklist;
use super::measure::median;
use super::page::tell;

/// Rounds in which everybody has a turn.
const ROUNDS: usize = 3;
const WORKERS: &str = "2";
/// The flows of `benches/peers/flows.mjs`, by the names of flowcheck's scenarios.
const FLOWS: &[&str] = &[
    "install/signed-in",
    "install/signed-out",
    "install/no-account",
    "install/tenant-drop-down",
    "install/from-app",
    "install/klaviyo-subdomain",
    "install/klaviyo-signed-out",
    "errors/denied",
    "errors/expired",
    "errors/abandoned",
    "uninstall/in-app",
    "uninstall/in-klaviyo",
    "oauth/fresh",
];

/// A tool's name, what flowcheck may take of its time at most, and one run of all flows by it.
type Peer = (&'static str, Option<f64>, fn() -> Duration);

pub(crate) fn measure() {
    let peers: [Peer; 5] = [
        ("flowcheck", None, || checklist::run(WORKERS, FLOWS)),
        ("Playwright Test, trace and screenshots", Some(0.5), || playwright("1")),
        ("Playwright Test, nothing recorded", Some(0.75), || playwright("0")),
        ("bare script, a context per flow", Some(1.5), || node("bare.mjs")),
        ("selenium-webdriver, a session per flow", None, || node("selenium.mjs")),
    ];
    let mut times = [const { Vec::new() }; 5];
    for _ in 0..ROUNDS {
        for ((.., run), times) in peers.iter().zip(&mut times) {
            times.push(run().as_secs_f64());
        }
    }
    let ours = median(&mut times[0]);
    for ((name, aim, _), times) in peers.iter().zip(&mut times) {
        let theirs = median(times);
        let aim = aim.map(|aim| format!(" (aim: {aim:.2} at most)")).unwrap_or_default();
        let ratio = ours / theirs;
        tell(*name, format!("{theirs:.1} s, the median of {ROUNDS}; flowcheck takes {ratio:.2} of it{aim}"));
    }
}

fn playwright(record: &str) -> Duration {
    let output = tempfile::tempdir().expect("there is room");
    let program = folder().join("node_modules/.bin/playwright");
    timed(Command::new(program).arg("test").env("RECORD", record).env("OUTPUT", output.path()))
}

fn node(script: &str) -> Duration {
    timed(Command::new("node").arg(script))
}

fn timed(command: &mut Command) -> Duration {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let began = Instant::now();
    let child = command
        .process_group(0)
        .current_dir(folder())
        .env("WORKERS", WORKERS)
        .env("FLOWCHECK", env!("CARGO_BIN_EXE_flowcheck"))
        .env("PARTNER", checklist::partner())
        .env("APP_FILE", repository.join("fixtures/partner/flowcheck.yaml"))
        .env("BROWSER", "/usr/bin/chromium-headless-shell")
        .env("DRIVER", "/usr/bin/chromedriver")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is installed, and `npm ci` was run in benches/peers");
    let group = Pid::from_raw(i32::try_from(child.id()).expect("it is a process id"));
    let output = child.wait_with_output().expect("it can be waited for");
    let took = began.elapsed();
    // chromedriver leaves browsers behind whose sessions were ended while they started; whoever comes next would be slowed by them.
    let _ = killpg(group, Signal::SIGKILL);
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stdout));
    took
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers")
}
