//! An app that was running already: the whole checklist, and then it is as it was found.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{fixture_app, flowcheck, verdicts};

/// One run at a time; apps that flowcheck starts may be run beside it.
static ONE_APP: Mutex<()> = Mutex::new(());
/// How long the app may take to answer.
const READY: Duration = Duration::from_secs(30);

/// Harbour Reviews on ports of its own, ended with the test.
struct RunningApp {
    app: Child,
    data: tempfile::TempDir,
    port: u16,
    klaviyo: u16,
}

impl RunningApp {
    fn start(defects: &[&str]) -> Self {
        let (port, klaviyo) = (free_port(), free_port());
        let data = tempfile::tempdir().expect("there is room for a folder");
        let mut app = Command::new(fixture_app::program());
        app.args(["--port", &port.to_string(), "--demo-data", "--multi-tenant", "drop-down", "--data"])
            .arg(data.path())
            .args(["--klaviyo-www", &format!("http://www.klaviyo.localhost:{klaviyo}")])
            .args(["--klaviyo-api", &format!("http://127.0.0.1:{klaviyo}")])
            .args(defects.iter().flat_map(|defect| ["--defect", defect]))
            .env("KLAVIYO_CLIENT_ID", "harbour-reviews")
            .env("KLAVIYO_CLIENT_SECRET", "harbour-reviews-client-secret")
            .env("KLAVIYO_TIMEOUT", "3")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let app = Self { app: app.spawn().expect("the app starts"), data, port, klaviyo };
        let until = Instant::now() + READY;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < until, "the app does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        app
    }

    /// flowcheck with these arguments, in a folder, against this app.
    fn run(&self, folder: &Path, arguments: &[&str]) -> Command {
        let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/partner/staging.flowcheck.yaml");
        let mut command = flowcheck(&config, folder);
        command
            .args(arguments)
            .env("PARTNER_PORT", self.port.to_string())
            .env("KLAVIYO_PORT", self.klaviyo.to_string());
        command
    }

    /// How many rows one of its tables has.
    fn rows(&self, table: &str) -> u32 {
        let file = std::fs::read_dir(self.data.path()).expect("the folder is there").find_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?;
            (name.contains("sqlite") && !name.ends_with("-wal") && !name.ends_with("-shm")).then_some(path)
        });
        let database = Connection::open(file.expect("there is a database")).expect("it can be read");
        database.query_row(&format!("SELECT count(*) FROM {table}"), (), |row| row.get(0)).expect("it has the table")
    }
}

impl Drop for RunningApp {
    fn drop(&mut self) {
        // Fails where it has ended, which the test will have seen.
        let _ = self.app.kill();
        let _ = self.app.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("bound").port()
}

#[test]
fn an_app_that_was_running_already_is_judged_and_left_as_it_was_found() {
    let _alone = ONE_APP.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let app = RunningApp::start(&[]);
    let (users, folder) = (app.rows("users"), tempfile::tempdir().expect("there is room for a folder"));
    let output = app.run(folder.path(), &["run"]).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    insta::assert_snapshot!(verdicts(folder.path(), &output));
    assert!(said.contains("The app was running already"), "{said}");
    assert!(said.contains("it would leave an account in the app"), "{said}");
    assert_eq!(app.rows("connections"), 0, "Klaviyo is connected still\n{said}");
    assert_eq!(app.rows("users"), users, "there is another account\n{said}");
}

#[test]
fn what_cannot_be_undone_is_told_and_nothing_more_is_played_there() {
    let _alone = ONE_APP.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let app = RunningApp::start(&["still-installed-after-disconnect", "still-installed-after-klaviyo-uninstall"]);
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let scenarios = ["run", "install/signed-in", "install/from-app"];
    let output = app.run(folder.path(), &scenarios).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(3), "{said}");
    let stays = "Klaviyo stays connected for ada@harbour.example (Harbour Books)";
    assert!(said.contains(&format!("{stays}, after install/signed-in")), "{said}");
    assert!(
        said.contains(&format!("after install/signed-in, {stays}: the app is no longer as it was found")),
        "{said}"
    );

    // And so it is found by the next run, which leaves it alone.
    let again = app.run(folder.path(), &["run", "install/signed-in"]).output().expect("the program starts");
    let said = String::from_utf8_lossy(&again.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(again.status.code(), Some(3), "{said}");
    assert!(said.contains("Klaviyo is connected already for ada@harbour.example (Harbour Books)"), "{said}");
}
