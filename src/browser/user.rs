//! One person at the browser.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use fantoccini::Client;
use fantoccini::error::CmdError;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::browser::bidi::Bidi;
use crate::browser::input::submit;
use crate::browser::page::frame_switch::inside;
use crate::browser::page::navigation::navigation_tracker::NavigationTracker;
use crate::browser::page::navigation::windows::Windows;
use crate::browser::page::page_snapshot::{DocumentMark, Handle};
use crate::browser::page::read_page;
use crate::browser::page::stalled::Stalled;
use crate::browser::session::trackers::Trackers;
use crate::browser::session::webdriver_session::Session;
use crate::browser::{BrowserError, Override, PageSnapshot};
use crate::evidence::{FieldKind, PageKind, Recorder};

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
    pub(super) session: Arc<Session>,
    pub(super) windows: Arc<Windows>,
    /// The tab that the user is in: one that they opened.
    pub(super) tab: String,
    /// The window in front of them: that tab, or what the app opened from it.
    pub(super) front: String,
    /// That of the window in front.
    pub(super) tracker: Arc<NavigationTracker>,
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
    /// The same, of windows that are not in front now.
    pub(super) elsewhere: HashMap<String, DocumentMark>,
    pub(super) acted: Instant,
    /// Messages that stood on pages before anything was decided: they tell of none of it.
    earlier_messages: HashSet<String>,
    /// Whether something has been decided by now.
    ignores_earlier_messages: bool,
    /// Headers that every request of the user carries, as BiDi takes them.
    pub(super) headers: Vec<Value>,
    /// Whether the app still waits for something that the user cannot see.
    is_at_work: Option<Arc<AtomicUsize>>,
    /// When the user came to the window in front.
    pub(super) in_front_since: Instant,
    /// The form that the last act sent.
    pub(super) sent: Option<SentForm>,
}

/// A form that was sent, by the page that it stood on.
#[derive(Debug)]
pub(super) struct SentForm {
    /// When its document began.
    began: u64,
    /// What it asked for.
    asked: Vec<FieldKind>,
    /// What the browser had against it, which then does not send it.
    refused: Vec<String>,
}

impl SentForm {
    /// Whether a page is surely what comes next. The page that was there already is taken at rest only, and so is a form that asks for
    /// the same: it may show progress, and be left by script.
    pub(super) fn is_left_for(&self, snapshot: &PageSnapshot) -> bool {
        let asks_more = snapshot.page.fields.iter().any(|field| !self.asked.contains(&field.kind));
        let asks_again = matches!(snapshot.page.kind, PageKind::Login | PageKind::SignUp);
        asks_more || !asks_again && snapshot.document.began != self.began
    }
}

/// A BiDi user context and the window in front.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) bidi: Arc<Bidi>,
    pub(super) trackers: Trackers,
    /// Holds the cookies and storage.
    pub(super) user: String,
    /// The browsing context in front, which is its window handle too.
    pub(super) tab: String,
}

impl User {
    pub(super) fn in_context(
        label: &str,
        session: Arc<Session>,
        windows: Arc<Windows>,
        recorder: Recorder,
        context: Context,
    ) -> Self {
        let tab = context.tab.clone();
        Self { context: Some(context), ..Self::alone(label, session, windows, &tab, recorder) }
    }

    pub(super) fn alone(
        label: &str,
        session: Arc<Session>,
        windows: Arc<Windows>,
        tab: &str,
        recorder: Recorder,
    ) -> Self {
        Self {
            label: label.to_owned(),
            session,
            tracker: windows.tab(tab),
            windows,
            tab: tab.to_owned(),
            front: tab.to_owned(),
            recorder,
            collector: None,
            stalled: None,
            context: None,
            klaviyo_hosts: Vec::new(),
            overrides: Vec::new(),
            before: None,
            elsewhere: HashMap::new(),
            acted: Instant::now(),
            in_front_since: Instant::now(),
            earlier_messages: HashSet::new(),
            ignores_earlier_messages: false,
            headers: Vec::new(),
            is_at_work: None,
            sent: None,
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

    /// Messages that were noted as standing are none from here on; until then an app may say the same thing twice, as of two forms.
    pub fn ignore_earlier_messages(&mut self, ignores: bool) {
        self.ignores_earlier_messages = ignores;
    }

    /// Messages that the page shows by now tell of nothing that comes after it.
    pub fn note_messages(&mut self, snapshot: &PageSnapshot) {
        self.earlier_messages.extend(snapshot.messages.iter().cloned());
    }

    /// Says how many calls of the app are under way whose end its pages may wait for.
    pub fn app_works_by(&mut self, calls: Arc<AtomicUsize>) {
        self.is_at_work = Some(calls);
    }

    /// Whether a call of the app's is under way.
    pub(super) fn app_is_at_work(&self) -> bool {
        self.is_at_work.as_ref().is_some_and(|calls| calls.load(Ordering::Relaxed) > 0)
    }

    /// The user's label.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Goes to an address. Does not wait for the page: that is [`await_page`](Self::await_page)'s.
    pub async fn go_to(&mut self, url: &str) -> Result<(), BrowserError> {
        if self.before.as_ref().is_some_and(|before| is_another_part(&before.url, url)) && self.load_part(url).await {
            return Ok(());
        }
        self.set_out_for(url).await
    }

    /// Goes to another part of the document, and loads it: by the address alone, nothing would be loaded.
    async fn load_part(&mut self, url: &str) -> bool {
        self.note_act();
        let arguments = vec![json!(url)];
        let loads =
            self.command("go to a part", |client| async move { client.execute(LOAD_PART, arguments).await }).await;
        loads.is_ok_and(|loads| loads == Value::Bool(true))
    }

    async fn set_out_for(&mut self, url: &str) -> Result<(), BrowserError> {
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

    /// Reads the page as it is now.
    pub(super) async fn read(&self) -> Result<PageSnapshot, BrowserError> {
        let mut reading = self.read_all().await?;
        reading.vanished = self.tracker.vanished(self.acted, &reading, self.before.as_ref().map(|before| before.began));
        reading.by_dialog = self.tracker.told_by_dialog(self.acted);
        submit::find(&mut reading);
        let is_earlier = |alert: &String| self.ignores_earlier_messages && self.earlier_messages.contains(alert);
        reading.alerts.retain(|alert| !is_earlier(alert) && !tells_of_progress(alert));
        for earlier_messages in self.earlier_messages.iter().filter(|_| self.ignores_earlier_messages) {
            reading.prose = reading.prose.replace(earlier_messages, "");
        }
        reading.alerts.extend(reading.vanished.iter().cloned());
        reading.violations = self.tracker.violations(self.acted);
        if let Some(sent) = self.sent.as_ref().filter(|sent| sent.began == reading.began) {
            // The browser says it in a bubble beside the field, which is no part of the page.
            reading.alerts.extend(sent.refused.iter().cloned());
        }
        let document = self.tracker.last_document();
        let mut snapshot = read_page::snapshot(reading, &self.label, &document, &self.klaviyo_hosts, &self.recorder);
        if let Some(address) = document.failed_at
            && snapshot.page.kind == PageKind::BrowserError
        {
            snapshot.page.url = address;
        }
        Ok(snapshot)
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
        let window = Some(self.front.as_str());
        match frames {
            [] => self.session.command(window, what, command).await,
            frames => self.session.command(window, what, |client| inside(client, frames.to_vec(), command)).await,
        }
    }

    pub(super) fn note_document(&mut self, snapshot: &PageSnapshot) {
        self.before = Some(snapshot.document.clone());
    }

    /// The user does something now: what is told from here on tells of that.
    pub fn note_act(&mut self) {
        self.acted = Instant::now();
        self.sent = None;
    }

    /// Says that the last act sent the form of a field of this snapshot, as it was filled in then.
    pub fn sent_form(&mut self, snapshot: &PageSnapshot, form: Option<usize>) {
        let asked = snapshot.page.fields.iter().map(|field| field.kind).collect();
        let form = form.and_then(|field| snapshot.page.fields.get(field)).map(|field| field.form);
        let of_form =
            snapshot.page.fields.iter().zip(&snapshot.constraints).filter(|(field, _)| Some(field.form) == form);
        let refused = of_form.filter(|(_, constraints)| !constraints.refused.is_empty());
        let refused = refused.map(|(field, constraints)| format!("{}: {}", field.label, constraints.refused)).collect();
        self.sent = Some(SentForm { began: snapshot.document.began, asked, refused });
    }

    /// Whether anything was asked of the network since a moment.
    pub fn has_asked_network(&self, since: Instant) -> bool {
        self.tracker.watch().borrow().asked > since
    }

    /// Reads the page as it is, without waiting for it to come to rest.
    pub async fn peek(&self) -> Result<PageSnapshot, BrowserError> {
        self.read().await
    }
}

/// Whether an address differs from where the browser is by nothing but the fragment that it has.
fn is_another_part(here: &str, url: &str) -> bool {
    let Some((document, _)) = url.split_once('#') else { return false };
    let here = here.split('#').next().unwrap_or(here);
    document.trim_end_matches('/') == here.trim_end_matches('/')
}

/// Whether a message only says that something is under way, as `Loading…`.
fn tells_of_progress(message: &str) -> bool {
    message.ends_with('…') || message.ends_with("...")
}

/// Whether it is another part of the document that is there; then loads that part.
const LOAD_PART: &str = r##"
const wanted = new URL(arguments[0]);
if (wanted.href.split("#")[0] !== location.href.split("#")[0]) return false;
history.pushState(null, "", wanted.href);
location.reload();
return true;
"##;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_differs_by_its_fragment_alone_loads_nothing_by_itself() {
        assert!(is_another_part("http://app.example/#home", "http://app.example/#settings"));
        assert!(is_another_part("http://app.example/", "http://app.example#settings"));
        assert!(!is_another_part("http://app.example/other", "http://app.example/#settings"));
        assert!(!is_another_part("http://app.example/", "http://app.example/"), "that is loaded anew");
    }

    #[test]
    fn a_message_that_something_is_under_way_is_none() {
        assert!(tells_of_progress("Loading…") && tells_of_progress("Bitte warten..."));
        assert!(!tells_of_progress("Klaviyo was not connected."));
    }
}
