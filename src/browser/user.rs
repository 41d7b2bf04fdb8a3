//! One person at the browser.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use fantoccini::Client;
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use serde_json::json;
use tokio::time::Instant;

use crate::browser::bidi::Bidi;
use crate::browser::input::click::{click_at, in_reach};
use crate::browser::input::submit;
use crate::browser::input::typing::type_in;
use crate::browser::page::frames::inside;
use crate::browser::page::navigation_tracker::NavigationTracker;
use crate::browser::page::page_snapshot::{DocumentMark, Handle};
use crate::browser::page::read_page;
use crate::browser::page::wait_until_idle::Stalled;
use crate::browser::session::browser::Session;
use crate::browser::{BrowserError, Override, PageSnapshot};
use crate::evidence::Recorder;

/// How long to wait for pages.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For a page to come to rest, at most.
    pub page: Duration,
    /// Without navigation or fetching, after which a page has come to rest.
    pub quiet: Duration,
}

/// One person's isolated browser context.
#[derive(Debug)]
pub struct User {
    label: String,
    session: Arc<Session>,
    pub(super) trail: Arc<NavigationTracker>,
    pub(super) recorder: Recorder,
    /// Where the driver keeps what it received, by its own id.
    pub(super) collector: Option<String>,
    /// The page that was given up last, until it is asked for.
    pub(super) stalled: Option<Stalled>,
    /// Where BiDi gives the user a context in a shared session; without it the session is the user's own.
    pub(super) context: Option<Context>,
    klaviyo_hosts: Vec<String>,
    /// How parts of the app's pages are found.
    pub(super) overrides: Vec<Override>,
    /// What was in front of the user at the last act, and when that was.
    pub(super) before: Option<DocumentMark>,
    pub(super) acted: Instant,
}

/// A BiDi user context and its one tab.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) bidi: Arc<Bidi>,
    /// Holds the cookies and storage.
    pub(super) user: String,
    /// The tab's browsing context, which is its window handle too.
    pub(super) tab: String,
}

impl User {
    pub(super) fn in_context(
        label: &str,
        session: Arc<Session>,
        trail: Arc<NavigationTracker>,
        recorder: Recorder,
        context: Context,
    ) -> Self {
        Self { context: Some(context), ..Self::alone(label, session, trail, recorder) }
    }

    pub(super) fn alone(label: &str, session: Arc<Session>, trail: Arc<NavigationTracker>, recorder: Recorder) -> Self {
        Self {
            label: label.to_owned(),
            session,
            trail,
            recorder,
            collector: None,
            stalled: None,
            context: None,
            klaviyo_hosts: Vec::new(),
            overrides: Vec::new(),
            before: None,
            acted: Instant::now(),
        }
    }

    /// Says which hosts (with port) are the fake Klaviyo's; their subdomains are too.
    pub fn klaviyo_at(&mut self, hosts: &[String]) {
        self.klaviyo_hosts = hosts.to_vec();
    }

    /// Says how parts of the app's pages are found.
    pub fn find_by(&mut self, overrides: &[Override]) {
        self.overrides = overrides.to_vec();
    }

    /// The user's label.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Goes to an address. Does not wait for the page: that is [`rest`](Self::rest)'s.
    pub async fn go_to(&mut self, url: &str) -> Result<(), BrowserError> {
        self.note_act();
        if let Some(context) = &self.context {
            let navigate = json!({ "context": context.tab, "url": url, "wait": "none" });
            return match context.bidi.send("browsingContext.navigate", &navigate).await {
                // A server that can't be reached is something to see, not trouble.
                Err(BrowserError::Bidi { message, .. }) if message.contains("net::ERR_") => Ok(()),
                other => other.map(drop),
            };
        }
        let address = url.to_owned();
        match self.command(&format!("open {url}"), |client| async move { client.goto(&address).await }).await {
            Err(BrowserError::Command { source, .. }) if source.to_string().contains("ERR_") => Ok(()),
            other => other,
        }
    }

    /// Goes back in the history, as by the browser's own button.
    pub async fn go_back(&mut self) -> Result<(), BrowserError> {
        self.note_act();
        self.command("go back", |client| async move { client.back().await }).await
    }

    /// Loads the page again, as by the browser's own button.
    pub async fn reload(&mut self) -> Result<(), BrowserError> {
        self.note_act();
        self.command("reload", |client| async move { client.refresh().await }).await
    }

    /// Asks for an address several times at once, as a page's own script would, and waits for all answers. Comes back with
    /// what went wrong; a status is not looked at.
    pub async fn ask_at_once(&self, url: &str, times: u8) -> Result<Option<String>, BrowserError> {
        let arguments = vec![json!(url), json!(times)];
        let answer =
            self.command("ask at once", |client| async move { client.execute_async(AT_ONCE, arguments).await }).await?;
        Ok(answer.as_str().map(str::to_owned))
    }

    /// The page that was given up since this was asked last.
    pub fn stalled(&mut self) -> Option<Stalled> {
        self.stalled.take()
    }

    /// Forgets the cookies of the page that is open, as a new session would.
    pub async fn forget_cookies(&self) -> Result<(), BrowserError> {
        self.command("forget the cookies", |client| async move { client.delete_all_cookies().await }).await
    }

    /// Clicks a control of a sight.
    pub async fn click(&mut self, sight: &PageSnapshot, control: usize) -> Result<(), BrowserError> {
        let Handle { id, frames } = handle(&sight.controls, control)?;
        self.note_act();
        let name = sight.page.controls.get(control).map(|control| control.name.clone()).unwrap_or_default();
        let what = format!("click \"{name}\"");
        // In a frame the place would have to be worked out through the document around it; and without events it is
        // WebDriver's click that waits for where it leads.
        if let Some(context) = self.context.as_ref().filter(|_| frames.is_empty()) {
            let of = id.clone();
            if let Some(place) = self.command(&what, |client| in_reach(client, of)).await? {
                let click = json!({ "context": context.tab, "actions": click_at(place) });
                return context.bidi.send("input.performActions", &click).await.map(drop);
            }
        }
        self.command_in(&frames, &what, |client| async move {
            Element::from_element_id(client, ElementRef::from(id)).click().await
        })
        .await
    }

    /// Replaces what a field of a sight holds.
    pub async fn fill(&self, sight: &PageSnapshot, field: usize, text: &str) -> Result<(), BrowserError> {
        let Handle { id, frames } = handle(&sight.fields, field)?;
        let is_empty = sight.empty.get(field).copied().unwrap_or(false);
        let text = text.to_owned();
        // What comes at once goes to the tab's own document.
        let at_once = frames.is_empty() && self.context.is_some();
        self.command_in(&frames, "fill a field", |client| async move {
            let element = Element::from_element_id(client.clone(), ElementRef::from(id));
            for attempt in 1..=TYPE_AGAIN {
                if attempt > 1 || !is_empty {
                    element.clear().await?;
                }
                if at_once && attempt == 1 {
                    type_in(&client, &element, &text).await?;
                } else {
                    element.send_keys(&text).await?;
                }
                // A page that comes to life late may swallow the first keys, or put its own value back.
                if element.prop("value").await?.as_deref() == Some(text.as_str()) {
                    break;
                }
                tracing::debug!(attempt, "a field does not hold what was typed");
            }
            Ok(())
        })
        .await
    }

    /// Presses Enter in a field of a sight, as people do where a form has no button.
    pub async fn press_enter(&mut self, sight: &PageSnapshot, field: usize) -> Result<(), BrowserError> {
        let Handle { id, frames } = handle(&sight.fields, field)?;
        self.note_act();
        self.command_in(&frames, "press Enter", |client| async move {
            Element::from_element_id(client, ElementRef::from(id)).send_keys(&Key::Enter.to_string()).await
        })
        .await
    }

    /// Ticks a box, where it is not ticked yet.
    pub async fn tick(&self, sight: &PageSnapshot, field: usize) -> Result<(), BrowserError> {
        let Handle { id, frames } = handle(&sight.fields, field)?;
        self.command_in(&frames, "tick a box", |client| async move {
            let element = Element::from_element_id(client, ElementRef::from(id));
            if element.is_selected().await? { Ok(()) } else { element.click().await }
        })
        .await
    }

    /// Reads the page as it is now.
    pub(super) async fn read(&self) -> Result<PageSnapshot, BrowserError> {
        let mut reading = self.read_all().await?;
        reading.vanished = self.trail.vanished(self.acted, &reading, self.before.as_ref().map(|before| before.began));
        submit::find(&mut reading);
        reading.alerts.extend(reading.vanished.iter().cloned());
        Ok(read_page::sight(reading, &self.label, &self.trail.last_document(), &self.klaviyo_hosts, &self.recorder))
    }

    /// Closes the context and forgets everything in it.
    pub async fn close(self) {
        let Some(context) = &self.context else {
            self.session.close().await;
            return;
        };
        let removed = context.bidi.send("browser.removeUserContext", &json!({ "userContext": context.user })).await;
        if let Err(error) = removed {
            tracing::debug!(%error, "a user's context was gone already");
        }
        self.session.forget_window().await;
    }

    pub(super) async fn command<T, F>(&self, what: &str, command: impl FnOnce(Client) -> F) -> Result<T, BrowserError>
    where
        F: Future<Output = Result<T, CmdError>>,
    {
        self.command_in(&[], what, command).await
    }

    /// A command in a frame of the document, named by the references of all on the way to it.
    pub(super) async fn command_in<T, F>(
        &self,
        frames: &[String],
        what: &str,
        command: impl FnOnce(Client) -> F,
    ) -> Result<T, BrowserError>
    where
        F: Future<Output = Result<T, CmdError>>,
    {
        let window = self.context.as_ref().map(|context| context.tab.as_str());
        match frames {
            [] => self.session.command(window, what, command).await,
            frames => self.session.command(window, what, |client| inside(client, frames.to_vec(), command)).await,
        }
    }

    pub(super) fn saw(&mut self, sight: &PageSnapshot) {
        self.before = Some(sight.document.clone());
    }

    fn note_act(&mut self) {
        self.acted = Instant::now();
    }
}

/// How often a field is typed into until it holds what was typed; fields that format what they hold never do.
const TYPE_AGAIN: u32 = 2;

/// Fetches an address so many times at once, past all caches: requests for one address wait for each other there.
const AT_ONCE: &str = r#"
const [url, times, done] = arguments;
const ask = () => fetch(url, { cache: "no-store", signal: AbortSignal.timeout(20000) }).then(answer => answer.text());
Promise.all(Array.from({ length: times }, ask)).then(() => done(null), error => done(String(error)));
"#;

pub(super) const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

pub(super) fn handle(handles: &[Handle], index: usize) -> Result<Handle, BrowserError> {
    handles.get(index).cloned().ok_or_else(|| BrowserError::Gone(format!("its element number {index}")))
}
