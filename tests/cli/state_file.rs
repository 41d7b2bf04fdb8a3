//! `flowcheck serve --state`: responses survive a kill, and a foreign file is not touched.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::sync::Arc;
use std::time::Duration;

use nix::sys::signal::Signal;
use nix::unistd::Uid;
use serde_json::{Value, json};
use tokio::sync::{Mutex, RwLock};
use tokio::time::sleep;

use super::sandbox_session::{APP, Calls, NoAnswer, ServedSandbox, Tokens};
use super::workspace::{Workspace, end};

/// How often the program is killed.
const KILLS: u64 = 10;
/// How many refresh at the same time.
const REFRESHING: usize = 3;

#[test]
fn what_was_answered_is_there_after_it_was_killed_in_mid_load() {
    let workspace = Workspace::new();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let app = Arc::new(App::default());
        for round in 0..KILLS {
            let served = ServedSandbox::start(&workspace, &["--state", "state.db"]);
            app.finds_what_it_was_answered(&served).await;
            let refreshing: Vec<_> =
                (0..REFRESHING).map(|_| tokio::spawn(Arc::clone(&app).refreshes(served.calls.clone()))).collect();
            let living = tokio::spawn(Arc::clone(&app).lives(served.calls.clone()));
            // Another moment each time.
            sleep(Duration::from_millis(150 + 37 * round)).await;
            served.going.signal(Signal::SIGKILL);
            for task in refreshing.into_iter().chain([living]) {
                task.await.expect("the load goes on until there is no answer");
            }
        }
        let served = ServedSandbox::start(&workspace, &["--state", "state.db"]);
        app.finds_what_it_was_answered(&served).await;
        let lives = app.lives.lock().await;
        assert!(*lives >= KILLS, "only {lives} installs were gone through: there was no load");
    });
}

/// An app, and all that it was answered.
#[derive(Default)]
struct App {
    /// Held for reading by who refreshes, so that nobody refreshes a token while it is replaced or revoked.
    installed: RwLock<Option<Tokens>>,
    alive: Mutex<Vec<String>>,
    dead: Mutex<Vec<String>>,
    /// What was asked and not answered.
    asked: Mutex<Option<Asked>>,
    lives: Mutex<u64>,
}

#[derive(Debug, Clone)]
enum Asked {
    Exchange(String),
    Rotate(Tokens),
    Revoke(Tokens),
}

impl App {
    /// Installs, rotates, revokes, again and again.
    async fn lives(self: Arc<Self>, klaviyo: Calls) {
        while self.lives_once(&klaviyo).await.is_ok() {
            *self.lives.lock().await += 1;
        }
    }

    async fn lives_once(&self, klaviyo: &Calls) -> Result<(), NoAnswer> {
        if self.installed.read().await.is_none() {
            let code = klaviyo.code().await?;
            let tokens = self.asking(Asked::Exchange(code.clone()), klaviyo.exchange(&code)).await?;
            let tokens = tokens.expect("a fresh code is good");
            self.alive.lock().await.push(tokens.access.clone());
            *self.installed.write().await = Some(tokens);
        }
        sleep(Duration::from_millis(20)).await;
        let mut installed = self.installed.write().await;
        let tokens = installed.clone().expect("it is installed");
        klaviyo.rotate_once().await?;
        let rotated = self.asking(Asked::Rotate(tokens.clone()), klaviyo.refresh(&tokens.refresh)).await?;
        let rotated = rotated.expect("a live token refreshes");
        assert_ne!(rotated.refresh, tokens.refresh);
        self.dead.lock().await.push(tokens.refresh);
        self.alive.lock().await.push(rotated.access.clone());
        *installed = Some(rotated.clone());
        drop(installed);
        sleep(Duration::from_millis(20)).await;
        let mut installed = self.installed.write().await;
        self.asking(Asked::Revoke(rotated.clone()), klaviyo.revoke(&rotated.refresh)).await?;
        *installed = None;
        let mut dead = self.dead.lock().await;
        dead.push(rotated.refresh);
        dead.append(&mut *self.alive.lock().await);
        Ok(())
    }

    /// Refreshes as fast as it can.
    async fn refreshes(self: Arc<Self>, klaviyo: Calls) {
        loop {
            let installed = self.installed.read().await;
            let Some(tokens) = installed.clone() else {
                drop(installed);
                if klaviyo.refresh("never issued").await.is_err() {
                    return;
                }
                continue;
            };
            let Ok(fresh) = klaviyo.refresh(&tokens.refresh).await else { return };
            let fresh = fresh.expect("a live token refreshes");
            assert_eq!(fresh.refresh, tokens.refresh);
            self.alive.lock().await.push(fresh.access);
        }
    }

    /// Remembers what is asked for as long as there is no answer.
    async fn asking<T>(&self, asked: Asked, call: impl Future<Output = Result<T, NoAnswer>>) -> Result<T, NoAnswer> {
        *self.asked.lock().await = Some(asked);
        let answer = call.await?;
        *self.asked.lock().await = None;
        Ok(answer)
    }

    /// After a restart: what was answered holds; what was asked and not answered was done, or was not, and not by halves.
    async fn finds_what_it_was_answered(&self, klaviyo: &Calls) {
        for dead in self.dead.lock().await.iter() {
            assert!(
                !klaviyo.accepts(dead).await && klaviyo.refresh(dead).await.expect("answers").is_none(),
                "came back"
            );
        }
        let is_there = installs(klaviyo).await > 0;
        let asked = self.asked.lock().await.take();
        let mut installed = self.installed.write().await;
        let (mut alive, mut dead) = (self.alive.lock().await, self.dead.lock().await);
        match asked {
            Some(Asked::Revoke(tokens)) if !is_there => {
                assert!(klaviyo.refresh(&tokens.refresh).await.expect("answers").is_none(), "revoked by halves");
                dead.push(tokens.refresh);
                dead.append(&mut alive);
                *installed = None;
            }
            Some(Asked::Exchange(code)) => {
                let tokens = klaviyo.exchange(&code).await.expect("answers");
                assert_eq!(tokens.is_none(), is_there, "a code is used up by an install, and by nothing else");
                // An install whose tokens nobody has is renewed by the next.
                alive.extend(tokens.iter().map(|tokens| tokens.access.clone()));
                *installed = tokens;
            }
            Some(Asked::Rotate(tokens)) => {
                assert!(is_there);
                // Rotated without an answer, nobody has the new one; the app must be installed again.
                *installed = klaviyo.refresh(&tokens.refresh).await.expect("answers");
            }
            Some(Asked::Revoke(_)) | None => {}
        }
        if let Some(tokens) = installed.as_ref() {
            let fresh =
                klaviyo.refresh(&tokens.refresh).await.expect("answers").expect("it was live when it was answered");
            alive.push(fresh.access);
        }
        for access in alive.iter() {
            assert!(klaviyo.accepts(access).await, "an answered access token is lost");
        }
        // Enough to look at; older ones were looked at before.
        let (many, few) = (alive.len().saturating_sub(40), dead.len().saturating_sub(40));
        alive.drain(..many);
        dead.drain(..few);
    }
}

async fn installs(klaviyo: &Calls) -> usize {
    let installs = klaviyo.control("GET", "installs", &Value::Null).await.expect("answers");
    installs["installs"].as_array().expect("a list").len()
}

#[test]
fn scopes_and_the_time_are_kept_too_and_the_file_is_its_owner_s_alone() {
    let workspace = Workspace::new();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let served = ServedSandbox::start(&workspace, &["--state", "state.db"]);
        let scopes = json!({"client_id": APP, "scopes": ["accounts:read", "flows:read"]});
        served.control("POST", "scopes", &scopes).await.expect("answers");
        let moved = served.control("POST", "clock", &json!({"advance_s": 90 * 86_400})).await.expect("answers");
        let mode = fs::metadata(workspace.path("state.db")).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        served.going.signal(Signal::SIGTERM);
        served.going.ended().with(0);
        assert!(!workspace.path("state.db-wal").exists(), "an orderly end leaves one file");

        let served = ServedSandbox::start(&workspace, &["--state", "state.db"]);
        let now = served.control("GET", "clock", &Value::Null).await.expect("answers");
        assert!(now["now_s"].as_i64() >= moved["now_s"].as_i64(), "{now} {moved}");
        let listing = served.plain(
            "GET",
            "/oauth/authorize?response_type=code&client_id=sandbox-client-id\
            &redirect_uri=http://localhost:3000/klaviyo/callback&state=0123456789abcdef&scope=flows:read%20lists:read",
        );
        listing.send().await.expect("answers");
        let journal = served.control("GET", "journal?since=0", &Value::Null).await.expect("answers");
        let entries = journal["entries"].as_array().expect("a list");
        let authorize = entries.iter().find_map(|entry| entry.pointer("/event/exchange/facts/authorize"));
        assert_eq!(authorize.expect("it is on record")["unknown_scopes"], json!(["lists:read"]));
    });
}

#[test]
fn a_file_that_cannot_be_used_is_said_and_stays_as_it_is() {
    let workspace = Workspace::new();
    let text = "dear diary, this is no database at all, but it is longer than a header of SQLite's would be\n";
    workspace.write("diary.txt", text);
    let refused = serve(&workspace, "diary.txt", 2);
    assert!(refused.contains("diary.txt is no state file of flowcheck's, and stays as it is"), "{refused}");
    assert_eq!(workspace.read("diary.txt"), text);

    let other = rusqlite::Connection::open(workspace.path("other.db")).expect("a database");
    other.execute_batch("CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (1)").expect("a table");
    drop(other);
    let before = fs::read(workspace.path("other.db")).expect("it is there");
    assert!(serve(&workspace, "other.db", 2).contains("other.db is no state file of flowcheck's"));
    assert_eq!(fs::read(workspace.path("other.db")).expect("it is there"), before);

    assert!(serve(&workspace, "no/such/folder.db", 2).contains("in a folder that is there"));
    assert!(serve(&workspace, ".", 2).contains("it must be a file"));
    workspace.write("empty.db", "");
    let served = ServedSandbox::start(&workspace, &["--state", "empty.db"]);
    let refused = serve(&workspace, "empty.db", 3);
    assert!(refused.contains("empty.db is in use, by another flowcheck it seems; end that one"), "{refused}");
    served.going.signal(Signal::SIGTERM);
    served.going.ended().with(0);

    let made = fs::read(workspace.path("empty.db")).expect("it is there");
    let mut newer = made.clone();
    newer[63] += 1;
    fs::write(workspace.path("newer.db"), &newer).expect("written");
    let refused = serve(&workspace, "newer.db", 2);
    assert!(refused.contains("another version of flowcheck (layout 3, and this one knows 2)"), "{refused}");
    let mut damaged = made.clone();
    damaged[100..].fill(0x5a);
    fs::write(workspace.path("damaged.db"), &damaged).expect("written");
    let refused = serve(&workspace, "damaged.db", 3);
    assert!(refused.contains("damaged.db is damaged, and stays as it is"), "{refused}");
    assert_eq!(fs::read(workspace.path("damaged.db")).expect("it is there"), damaged);
    let cut = &made[..made.len() / 2];
    fs::write(workspace.path("cut.db"), cut).expect("written");
    assert!(serve(&workspace, "cut.db", 3).contains("cut.db is damaged"));
    assert_eq!(fs::read(workspace.path("cut.db")).expect("it is there"), cut);

    fs::write(workspace.path("locked.db"), &made).expect("written");
    fs::set_permissions(workspace.path("locked.db"), Permissions::from_mode(0o444)).expect("set");
    let refused = as_nobody_special(&workspace, "locked.db");
    assert!(refused.contains("locked.db cannot be written; make it and its folder writable"), "{refused}");
}

/// What is said when it cannot begin.
fn serve(workspace: &Workspace, file: &str, code: i32) -> String {
    let ended = end(workspace.flowcheck(&["serve", "--listen", "127.0.0.1:0", "--state", file])).with(code);
    assert_eq!(ended.out, "");
    ended.err
}

/// The same, as a user for whom permissions count.
fn as_nobody_special(workspace: &Workspace, file: &str) -> String {
    if !Uid::effective().is_root() {
        return serve(workspace, file, 3);
    }
    let nobody = 65_534;
    fs::set_permissions(workspace.path(""), Permissions::from_mode(0o755)).expect("set");
    // The program may stand where nobody else can look. Copied by another: a file that was ever open for writing here may
    // still be so in a child that another test has just started, and cannot be run meanwhile.
    let mut copy = std::process::Command::new("cp");
    copy.arg(env!("CARGO_BIN_EXE_flowcheck")).arg(workspace.path("flowcheck"));
    assert!(copy.status().expect("cp starts").success());
    let asked = workspace.flowcheck(&["serve", "--listen", "127.0.0.1:0", "--state", file]);
    let mut command = std::process::Command::new(workspace.path("flowcheck"));
    command.args(asked.get_args()).current_dir(workspace.path("")).uid(nobody).gid(nobody);
    command
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    end(command).with(3).err
}
