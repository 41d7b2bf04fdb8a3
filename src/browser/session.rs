//! A browser under a driver: one WebDriver session, with BiDi beside it where the driver has it.

use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fantoccini::Client;
use fantoccini::wd::WindowHandle;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::bidi::Bidi;
use super::capabilities::VIEWPORT;
use super::driver::TRIES;
use super::opening::{Opened, open};
use super::ports::DriverPort;
use super::remote::Lease;
use super::trail::{self, Follow, NavigationTracker};
use super::{BrowserError, Driver, Engine, Route, Source, User, messages};
use crate::evidence::{Recorder, ThirdPartyCookies};

/// How long any one WebDriver command may take.
pub(super) const COMMAND: Duration = Duration::from_secs(30);

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
    source: Source,
    options: Options,
    /// That of this machine's browsers; those elsewhere have theirs.
    driver: Option<Driver>,
    /// Where a Chromium of this machine is spoken with itself; held for as long as the browser may listen there.
    _debugger: Option<DriverPort>,
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
pub(super) type Trails = Arc<Mutex<HashMap<String, (Arc<NavigationTracker>, Follow)>>>;

/// A WebDriver session and the window its commands go to.
#[derive(Debug)]
pub(super) struct Session {
    client: Client,
    window: tokio::sync::Mutex<Option<String>>,
    lease: Mutex<Option<Lease>>,
}

impl Browser {
    /// Starts the driver, where it is this machine's, and, where it has BiDi, the browser. `folder` takes their temporary files.
    /// A browser that does not start is tried again.
    pub async fn start(source: impl Into<Source>, options: Options, folder: &Path) -> Result<Self, BrowserError> {
        let source = source.into();
        let mut tries = 1;
        loop {
            match Self::start_once(&source, options, folder).await {
                Err(error @ (BrowserError::Session(_) | BrowserError::AnotherBrowser { .. })) if tries < TRIES => {
                    tracing::debug!(%error, tries, "the browser did not start, and is started again");
                    tries += 1;
                }
                started => return started,
            }
        }
    }

    async fn start_once(source: &Source, options: Options, folder: &Path) -> Result<Self, BrowserError> {
        let driver = match source {
            Source::Here(found) => Some(Driver::start(found, folder).await?),
            Source::There(remote) => {
                remote.look().await?;
                None
            }
        };
        let is_direct = driver.is_some() && source.engine() == Engine::Chromium && !options.classic;
        let debugger = if is_direct { Some(DriverPort::reserved()?) } else { None };
        let opened = open(source, driver.as_ref(), debugger.as_ref(), options, None).await?;
        let word = |key: &str| opened.granted.get(key).and_then(Value::as_str).unwrap_or("unknown").to_owned();
        let name = format!("{} {}", word("browserName"), word("browserVersion"));
        let named = |key: &str| opened.granted.get(key).and_then(Value::as_str).map(str::to_owned);
        let options_of = opened.granted.get("goog:chromeOptions").cloned().unwrap_or_default();
        // A Chromium of this machine is spoken with itself; see `bidi`.
        let address = options_of["debuggerAddress"].as_str().filter(|_| is_direct);
        let socket = named("webSocketUrl").filter(|_| !options.classic);
        let socket = socket.map(|named| source.remote().map_or_else(|| named.clone(), |remote| remote.socket(&named)));
        let trails = Trails::default();
        let on_event = follower(trails.clone());
        let bidi = match (address, socket) {
            (Some(address), _) => Some(Bidi::in_chromium(address, on_event).await?),
            (None, Some(socket)) => Some(Bidi::connect(&socket, on_event).await?),
            (None, None) => None,
        };
        let session = Arc::new(Session::new(opened));
        let shared = if let Some(bidi) = bidi {
            subscribe(&bidi).await?;
            if let Err(error) = messages::listen(&bidi).await {
                tracing::debug!(%error, "messages that vanish will be missed");
            }
            Some(Shared { session, bidi: Arc::new(bidi), trails })
        } else {
            // Each user opens a session later; this one only showed what the driver can do.
            session.close().await;
            None
        };
        // A driver without BiDi is as good as one that is not to use it: later sessions are opened for that.
        let options = Options { classic: shared.is_none(), ..options };
        let cookies = tokio::sync::OnceCell::new();
        Ok(Self { source: source.clone(), options, driver, _debugger: debugger, shared, name, cookies })
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
        let trail = Arc::new(NavigationTracker::new(label, recorder.clone()));
        let Some(shared) = &self.shared else {
            let opened = open(&self.source, self.driver.as_ref(), None, self.options, route).await?;
            let session = Arc::new(Session::new(opened));
            let user = User::alone(label, session, trail, recorder.clone());
            if let Some(route) = route {
                user.prove(route, self.source.remote()).await?;
            }
            return Ok(user);
        };
        let engine = self.source.engine();
        let context = route
            .map_or(json!({}), |route| json!({ "acceptInsecureCerts": true, "proxy": route.in_webdriver(engine) }));
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
            user.prove(route, self.source.remote()).await?;
        }
        // From here on what the user's tab does is on record.
        shared.trails.lock().unwrap_or_else(PoisonError::into_inner).insert(context, (trail, Follow::Tab));
        Ok(user)
    }

    /// Ends the browser, its driver, and everything they started.
    pub async fn stop(self) {
        match (self.driver, self.shared) {
            // Its browsers end with it, at once; nobody asks for what they would put down in order.
            (Some(driver), _) => driver.stop().await,
            (None, Some(shared)) => shared.session.close().await,
            (None, None) => {}
        }
    }
}

impl Session {
    fn new(opened: Opened) -> Self {
        let Opened { client, lease, .. } = opened;
        Self { client, window: tokio::sync::Mutex::new(None), lease: Mutex::new(lease) }
    }

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
            return;
        }
        if let Some(lease) = self.lease.lock().unwrap_or_else(PoisonError::into_inner).take() {
            lease.settle();
        }
    }
}

/// Hands events to the trails of their contexts, and frames to those of their tabs.
pub(super) fn follower(by_context: Trails) -> impl FnMut(&str, &Value) + Send + 'static {
    move |method, params| {
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
