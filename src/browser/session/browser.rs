//! A browser under a driver: a WebDriver session, with BiDi beside it where the driver has it.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use serde_json::{Value, json};

use crate::browser::bidi::Bidi;
use crate::browser::page::navigation::held_requests::HeldRequests;
use crate::browser::page::navigation::messages;
use crate::browser::page::navigation::network_event::{EVENTS, Follow};
use crate::browser::page::navigation::windows::Windows;
use crate::browser::page::probe::ABORTED;
use crate::browser::session::capabilities::VIEWPORT;
use crate::browser::session::driver::TRIES;
use crate::browser::session::driver_ports::DriverPort;
use crate::browser::session::open_session::open;
use crate::browser::session::trackers::{Trackers, follower};
use crate::browser::session::user_agent::UserAgent;
use crate::browser::session::webdriver_session::Session;
use crate::browser::{BrowserError, Driver, Engine, Options, Route, Source, User};
use crate::evidence::{Recorder, ThirdPartyCookies};

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
    /// What is known of requests that the apps' servers hold open.
    held: HeldRequests,
    /// What the browser is to say that it is; without it, what it is.
    agent: Option<UserAgent>,
    /// What became of the probe, once it was asked for.
    pub(in crate::browser) cookies: tokio::sync::OnceCell<ThirdPartyCookies>,
}

#[derive(Debug)]
struct Shared {
    session: Arc<Session>,
    bidi: Arc<Bidi>,
    trackers: Trackers,
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
        let poses = source.engine() == Engine::Chromium && !options.headed;
        let version = driver.as_ref().and_then(Driver::version).filter(|_| poses);
        let agent = version.map(UserAgent::of_chromium);
        let opened = open(source, driver.as_ref(), debugger.as_ref(), agent.as_ref(), options, None).await?;
        let word = |key: &str| opened.granted.get(key).and_then(Value::as_str).unwrap_or("unknown").to_owned();
        let name = format!("{} {}", word("browserName"), word("browserVersion"));
        let named = |key: &str| opened.granted.get(key).and_then(Value::as_str).map(str::to_owned);
        let options_of = opened.granted.get("goog:chromeOptions").cloned().unwrap_or_default();
        // A Chromium of this machine is spoken with itself; see `bidi`.
        let address = options_of["debuggerAddress"].as_str().filter(|_| is_direct);
        let socket = named("webSocketUrl").filter(|_| !options.classic);
        let socket = socket.map(|named| source.remote().map_or_else(|| named.clone(), |remote| remote.socket(&named)));
        let trackers = Trackers::default();
        let on_event = follower(trackers.clone());
        let bidi = match (address, socket) {
            (Some(address), _) => Some(Bidi::in_chromium(address, on_event).await?),
            (None, Some(socket)) => Some(Bidi::connect(&socket, on_event).await?),
            (None, None) => None,
        };
        let opened_version = named("browserVersion");
        let session = Arc::new(Session::new(opened));
        let shared = if let Some(bidi) = bidi {
            subscribe(&bidi).await?;
            let version = opened_version.as_deref().filter(|_| poses);
            if let Some(agent) = agent.clone().or_else(|| version.map(UserAgent::of_chromium)) {
                agent.tell(&bidi, is_direct).await;
            }
            if let Err(error) = messages::listen(&bidi).await {
                tracing::debug!(%error, "messages that vanish will be missed");
            }
            Some(Shared { session, bidi: Arc::new(bidi), trackers })
        } else {
            // Each user opens a session later; this one only showed what the driver can do.
            session.close().await;
            None
        };
        // A driver without BiDi is as good as one that is not to use it: later sessions are opened for that.
        let options = Options { classic: shared.is_none(), ..options };
        let cookies = tokio::sync::OnceCell::new();
        let held = HeldRequests::default();
        Ok(Self { source: source.clone(), options, driver, _debugger: debugger, shared, name, held, agent, cookies })
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
        // Of some thousand new tabs one shows no page, and goes on showing none however often one is opened in it.
        for _ in 1..TRIES {
            match self.open_user(label, recorder, route).await {
                Err(BrowserError::NotOurs { saw }) if saw.is_empty() || ABORTED.contains(&saw.as_str()) => {
                    tracing::debug!(saw, "a new tab showed no page, and another one is opened");
                }
                opened => return opened,
            }
        }
        self.open_user(label, recorder, route).await
    }

    async fn open_user(&self, label: &str, recorder: &Recorder, route: Option<&Route>) -> Result<User, BrowserError> {
        let windows = Arc::new(Windows::new(label, recorder.clone(), self.held.clone()));
        let Some(shared) = &self.shared else {
            let opened =
                open(&self.source, self.driver.as_ref(), None, self.agent.as_ref(), self.options, route).await?;
            let session = Arc::new(Session::new(opened));
            let what = "name its window";
            let tab = session.command(None, what, |client| async move { client.window().await }).await?;
            let user = User::alone(label, session, windows, &String::from(tab), recorder.clone());
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
        resize(&shared.bidi, &context).await?;
        let user = User::in_context(
            label,
            shared.session.clone(),
            windows.clone(),
            recorder.clone(),
            crate::browser::user::Context {
                bidi: shared.bidi.clone(),
                trackers: shared.trackers.clone(),
                user: user_context.clone(),
                tab: context.clone(),
            },
        );
        if let Some(route) = route
            && let Err(error) = user.prove(route, self.source.remote()).await
        {
            user.close().await;
            return Err(error);
        }
        // From here on what the user's tab does is on record, and what is opened from it.
        let tracker = windows.tab(&context);
        shared.trackers.lock().unwrap_or_else(PoisonError::into_inner).follow(context, tracker, Follow::Tab);
        shared.trackers.lock().unwrap_or_else(PoisonError::into_inner).of_user(user_context, windows);
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

/// Gives a tab the size that flowcheck's pages have.
pub(in crate::browser) async fn resize(bidi: &Bidi, context: &str) -> Result<(), BrowserError> {
    let viewport = json!({ "context": context, "viewport": { "width": VIEWPORT.0, "height": VIEWPORT.1 } });
    bidi.send("browsingContext.setViewport", &viewport).await.map(drop)
}

/// Subscribes to the events of a tracker; one by one where the driver does not know them all, as older ones do not.
async fn subscribe(bidi: &Bidi) -> Result<(), BrowserError> {
    let Err(refused) = bidi.send("session.subscribe", &json!({ "events": EVENTS })).await else {
        return Ok(());
    };
    let mut known = 0;
    for event in EVENTS {
        match bidi.send("session.subscribe", &json!({ "events": [event] })).await {
            Ok(_) => known += 1,
            Err(error) => tracing::debug!(event, %error, "the driver does not know an event"),
        }
    }
    if known == 0 { Err(refused) } else { Ok(()) }
}
