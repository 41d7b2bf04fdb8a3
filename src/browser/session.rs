//! A browser under a driver: one WebDriver session, with BiDi beside it where the driver has it.

use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fantoccini::wd::{Capabilities, WindowHandle};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::bidi::Bidi;
use super::trail::{self, Follow, Trail};
use super::{BrowserError, Driver, Engine, Found, Route, User};
use super::{mapper, messages};
use crate::evidence::{Recorder, ThirdPartyCookies};

/// How long any one WebDriver command may take.
const COMMAND: Duration = Duration::from_secs(30);
/// How often a browser is started until it does.
const START_TRIES: u32 = 3;
/// Size of the page area, in CSS pixels.
const VIEWPORT: (u32, u32) = (1280, 900);

/// How to start a browser.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// With a window that a person can watch.
    pub headed: bool,
    /// Without BiDi even where the driver has it: a session per user, hops without status.
    pub classic: bool,
}

/// A browser that users can be opened in.
#[derive(Debug)]
pub struct Browser {
    found: Found,
    options: Options,
    folder: std::path::PathBuf,
    driver: Driver,
    /// The session that all users share; without BiDi each has one of its own.
    shared: Option<Shared>,
    name: String,
    /// What became of the probe, once it was asked for.
    pub(super) cookies: tokio::sync::OnceCell<ThirdPartyCookies>,
}

#[derive(Debug)]
struct Shared {
    session: Arc<Session>,
    bidi: Arc<Bidi>,
    trails: Trails,
}

/// Trails by browsing context.
type Trails = Arc<Mutex<HashMap<String, (Arc<Trail>, Follow)>>>;

/// A WebDriver session and the window its commands go to.
#[derive(Debug)]
pub(super) struct Session {
    client: Client,
    window: tokio::sync::Mutex<Option<String>>,
}

impl Browser {
    /// Starts the driver and, where it has BiDi, the browser. `folder` takes their temporary files.
    ///
    /// Now and then a driver ends at once, such as chromedriver where the port that it was given is taken for IPv6 by then; it is
    /// tried again.
    pub async fn start(found: &Found, options: Options, folder: &Path) -> Result<Self, BrowserError> {
        let mut tries = 1;
        loop {
            match Self::start_once(found, options, folder).await {
                Err(error @ (BrowserError::NotReady { .. } | BrowserError::Session(_))) if tries < START_TRIES => {
                    tracing::debug!(%error, tries, "the browser did not start, and is started again");
                    tries += 1;
                }
                started => return started,
            }
        }
    }

    async fn start_once(found: &Found, options: Options, folder: &Path) -> Result<Self, BrowserError> {
        let driver = Driver::start(&found.driver, folder).await?;
        let (client, capabilities) = open_session(&driver, found, options, folder, None).await?;
        let word = |key: &str| capabilities.get(key).and_then(Value::as_str).unwrap_or("unknown").to_owned();
        let name = format!("{} {}", word("browserName"), word("browserVersion"));
        let socket = capabilities.get("webSocketUrl").and_then(Value::as_str).filter(|_| !options.classic);
        let session = Arc::new(Session { client, window: tokio::sync::Mutex::new(None) });
        let shared = if let Some(socket) = socket {
            let trails = Trails::default();
            let by_context = trails.clone();
            let bidi = Bidi::connect(socket, move |method, params| {
                let context = params["context"].as_str().or(params["source"]["context"].as_str()).unwrap_or_default();
                let mut trails = by_context.lock().unwrap_or_else(PoisonError::into_inner);
                if method == "browsingContext.contextCreated"
                    && let Some(parent) = params["parent"].as_str()
                    && let Some((trail, _)) = trails.get(parent).cloned()
                {
                    trails.insert(context.to_owned(), (trail, Follow::Frame));
                }
                let followed = match method {
                    "browsingContext.contextDestroyed" => trails.remove(context),
                    _ => trails.get(context).cloned(),
                };
                drop(trails);
                if let Some((trail, of)) = followed {
                    trail.take(method, params, of);
                }
            })
            .await?;
            subscribe(&bidi).await?;
            if let Err(error) = messages::listen(&bidi).await {
                tracing::debug!(%error, "messages that vanish will be missed");
            }
            mapper::hush(&capabilities).await;
            Some(Shared { session, bidi: Arc::new(bidi), trails })
        } else {
            // Each user opens a session later; this one only showed what the driver can do.
            session.close().await;
            None
        };
        // A driver without BiDi is as good as one that is not to use it: later sessions are opened for that.
        let options = Options { classic: shared.is_none(), ..options };
        Ok(Self {
            found: found.clone(),
            options,
            folder: folder.to_owned(),
            driver,
            shared,
            name,
            cookies: tokio::sync::OnceCell::new(),
        })
    }

    /// Name and version.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether users share it, each in a context; without BiDi each has a browser.
    pub fn has_contexts(&self) -> bool {
        self.shared.is_some()
    }

    /// Opens an isolated context for a user: cookies, storage and caches of its own, and its own way to the network.
    pub async fn user(&self, label: &str, recorder: &Recorder, route: Option<&Route>) -> Result<User, BrowserError> {
        let trail = Arc::new(Trail::new(label, recorder.clone()));
        let Some(shared) = &self.shared else {
            let (client, _) = open_session(&self.driver, &self.found, self.options, &self.folder, route).await?;
            let session = Arc::new(Session { client, window: tokio::sync::Mutex::new(None) });
            let user = User::alone(label, session, trail, recorder.clone());
            if let Some(route) = route {
                user.prove(route).await?;
            }
            return Ok(user);
        };
        let context =
            route.map_or(json!({}), |route| json!({ "acceptInsecureCerts": true, "proxy": route.in_webdriver() }));
        let created = shared.bidi.send("browser.createUserContext", &context).await?;
        let user_context = created["userContext"].as_str().unwrap_or_default().to_owned();
        let created =
            shared.bidi.send("browsingContext.create", &json!({ "type": "tab", "userContext": user_context })).await?;
        let context = created["context"].as_str().unwrap_or_default().to_owned();
        let viewport = json!({ "context": context, "viewport": { "width": VIEWPORT.0, "height": VIEWPORT.1 } });
        shared.bidi.send("browsingContext.setViewport", &viewport).await?;
        let user = User::in_context(
            label,
            shared.session.clone(),
            trail.clone(),
            recorder.clone(),
            super::user::Context { bidi: shared.bidi.clone(), user: user_context, tab: context.clone() },
        );
        if let Some(route) = route {
            user.prove(route).await?;
        }
        // From here on what the user's tab does is on record.
        shared.trails.lock().unwrap_or_else(PoisonError::into_inner).insert(context, (trail, Follow::Tab));
        Ok(user)
    }

    /// Ends the browser, its driver, and everything they started.
    pub async fn stop(self) {
        if let Some(shared) = self.shared {
            shared.session.close().await;
        }
        self.driver.stop().await;
    }
}

impl Session {
    /// Runs one command in the given window, with a deadline.
    pub(super) async fn command<T, F>(
        &self,
        window: Option<&str>,
        what: &str,
        command: impl FnOnce(Client) -> F,
    ) -> Result<T, BrowserError>
    where
        F: Future<Output = Result<T, fantoccini::error::CmdError>>,
    {
        let failed = |source| BrowserError::Command { what: what.to_owned(), source: Box::new(source) };
        let slow = |_| BrowserError::Timeout { what: what.to_owned(), after: COMMAND };
        tracing::trace!("asked the browser: {what}");
        // Held across the command: the window is the session's, not the command's.
        let mut current = self.window.lock().await;
        if let Some(window) = window
            && current.as_deref() != Some(window)
        {
            let handle =
                WindowHandle::try_from(window.to_owned()).map_err(|_| BrowserError::Gone("its window".to_owned()))?;
            timeout(COMMAND, self.client.switch_to_window(handle)).await.map_err(slow)?.map_err(failed)?;
            *current = Some(window.to_owned());
        }
        timeout(COMMAND, command(self.client.clone())).await.map_err(slow)?.map_err(failed)
    }

    /// Forgets which window is current, since it was closed.
    pub(super) async fn forget_window(&self) {
        *self.window.lock().await = None;
    }

    pub(super) async fn close(&self) {
        if !matches!(timeout(COMMAND, self.client.clone().close()).await, Ok(Ok(()))) {
            tracing::debug!("the session was gone already");
        }
    }
}

/// Subscribes to the events of a trail; one by one where the driver does not know them all, as older ones do not.
async fn subscribe(bidi: &Bidi) -> Result<(), BrowserError> {
    let Err(refused) = bidi.send("session.subscribe", &json!({ "events": trail::EVENTS })).await else { return Ok(()) };
    let mut known = 0;
    for event in trail::EVENTS {
        match bidi.send("session.subscribe", &json!({ "events": [event] })).await {
            Ok(_) => known += 1,
            Err(error) => tracing::debug!(event, %error, "the driver does not know an event"),
        }
    }
    if known == 0 { Err(refused) } else { Ok(()) }
}

async fn open_session(
    driver: &Driver,
    found: &Found,
    options: Options,
    folder: &Path,
    route: Option<&Route>,
) -> Result<(Client, Capabilities), BrowserError> {
    let mut capabilities = capabilities(found, options, folder);
    if let Some(route) = route {
        capabilities.insert("acceptInsecureCerts".to_owned(), json!(true));
        capabilities.insert("proxy".to_owned(), route.in_webdriver());
    }
    let client =
        timeout(COMMAND, ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(driver.address()))
            .await
            .map_err(|_| BrowserError::Timeout { what: "open a session".to_owned(), after: COMMAND })?
            .map_err(|error| BrowserError::Session(Box::new(error)))?;
    let granted = client.capabilities().cloned().unwrap_or_default();
    Ok((client, granted))
}

fn capabilities(found: &Found, options: Options, folder: &Path) -> Capabilities {
    let mut capabilities = Capabilities::new();
    // With BiDi, loading is followed by events; commands that wait for it by themselves would only hold up.
    let strategy = if options.classic { "normal" } else { "none" };
    capabilities.insert("pageLoadStrategy".to_owned(), json!(strategy));
    capabilities.insert("unhandledPromptBehavior".to_owned(), json!("accept"));
    if !options.classic {
        capabilities.insert("webSocketUrl".to_owned(), json!(true));
    }
    let binary = found.browser.display().to_string();
    match found.engine {
        Engine::Chromium => {
            let mut arguments: Vec<String> = [
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-gpu",
                "--disable-quic",
                "--disable-sync",
                "--no-first-run",
                "--password-store=basic",
                "--test-third-party-cookie-phaseout",
            ]
            .map(str::to_owned)
            .into();
            arguments.push(format!("--window-size={},{}", VIEWPORT.0, VIEWPORT.1));
            // Classic chromedriver waits for a first window, which it opens only over a profile that it made itself (below
            // the driver's own TMPDIR).
            let profile =
                || tempfile::Builder::new().prefix("profile-").tempdir_in(folder).map(tempfile::TempDir::keep);
            if !options.classic
                && let Ok(profile) = profile()
            {
                arguments.push(format!("--user-data-dir={}", profile.display()));
            }
            if !options.headed {
                arguments.push("--headless=new".to_owned());
            }
            if needs_no_sandbox() {
                arguments.push("--no-sandbox".to_owned());
                arguments.push("--disable-dev-shm-usage".to_owned());
            }
            // The full browser looks here, the headless shell at the flag above; whether it helps is tried before it matters.
            let prefs = json!({ "profile": { "cookie_controls_mode": 1, "block_third_party_cookies": true } });
            capabilities.insert(
                "goog:chromeOptions".to_owned(),
                json!({ "binary": binary, "args": arguments, "prefs": prefs }),
            );
        }
        Engine::Firefox => {
            // Refuses all cookies of framed sites, as the other engine does.
            let prefs = json!({ "network.cookie.cookieBehavior": 1 });
            let arguments: &[&str] = if options.headed { &[] } else { &["-headless"] };
            capabilities.insert(
                "moz:firefoxOptions".to_owned(),
                json!({ "binary": binary, "args": arguments, "prefs": prefs }),
            );
        }
    }
    capabilities
}

/// Chromium's sandbox works neither as root nor in most containers.
fn needs_no_sandbox() -> bool {
    nix::unistd::geteuid().is_root() || Path::new("/.dockerenv").exists() || Path::new("/run/.containerenv").exists()
}
