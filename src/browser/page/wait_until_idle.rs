//! Waiting until a page has come to rest.
//!
//! A page is at rest when it shows what was waited for, or when for a while (the quiet window) it neither navigated nor
//! fetched: some apps redirect by script a second or two after they have shown something.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use crate::browser::page::might_go_on::{Quiet, WINDOWS, stays};
use crate::browser::page::navigation::network_event::Follow;
use crate::browser::page::page_snapshot::DocumentMark;
use crate::browser::{BrowserError, PageSnapshot, Stalled, Timeouts, User};
use crate::evidence::{Event, Hop, HopCause, PageKind};

/// Without events, how often the page is looked at.
const POLL: Duration = Duration::from_millis(100);
/// How often a page is looked at that might go on by itself.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How much longer than any page one is waited for whose app waits for an answer of Klaviyo's.
const APP_WAITS: Duration = Duration::from_secs(25);
/// How long a page is given on which nothing could change what it shows: the app may go on with something once it has answered.
const SETTLES: Duration = Duration::from_millis(500);
/// How long after a window was closed the browser may take to tell of it.
const CLOSING: Duration = Duration::from_millis(500);
/// How long after an act its document may set out. Read before that, the page would be read again when it is there.
const SETTING_OUT: Duration = Duration::from_millis(25);
/// How long the browser may take to stop loading.
const STOP: Duration = Duration::from_secs(3);

impl User {
    /// Waits until the page has come to rest, and returns it. A page that changed since the last act and of which
    /// `enough` holds is taken at once; any other after the quiet window.
    pub async fn await_page(
        &mut self,
        patience: Timeouts,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<PageSnapshot, BrowserError> {
        Ok(self.await_page_pictured(patience, false, enough).await?.0)
    }

    /// The same, with a picture of it where one is `wanted`; none came of it where the browser would not.
    pub async fn await_page_pictured(
        &mut self,
        patience: Timeouts,
        wanted: bool,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<(PageSnapshot, Option<Vec<u8>>), BrowserError> {
        let (snapshot, picture) = if self.context.is_some() {
            Box::pin(self.await_page_by_events(patience, wanted, &enough)).await?
        } else {
            (Box::pin(self.await_page_by_polling(patience, &enough)).await?, self.picture(wanted).await)
        };
        self.note_document(&snapshot);
        Ok((snapshot, picture))
    }

    async fn await_page_by_events(
        &mut self,
        patience: Timeouts,
        wanted: bool,
        enough: &impl Fn(&PageSnapshot) -> bool,
    ) -> Result<(PageSnapshot, Option<Vec<u8>>), BrowserError> {
        let mut windows = self.windows.watch();
        let mut deadline = Deadline::of(self.acted, patience);
        loop {
            windows.borrow_and_update();
            if self.follow().await? {
                deadline = Deadline::of(Instant::now(), patience);
                self.carry_on().await?;
            }
            tokio::select! {
                rested = Box::pin(self.await_page_in_front(patience, &mut deadline, wanted, enough)) => match rested {
                    // The window may have been closed a moment before this is heard of.
                    Err(error) if timeout(CLOSING, windows.changed()).await.is_err() => return Err(error),
                    Err(_) => {}
                    Ok(rested) => return Ok(rested),
                },
                changed = windows.changed() => changed.map_err(|_| BrowserError::Lost)?,
            }
        }
    }

    /// Waits in the window in front.
    async fn await_page_in_front(
        &mut self,
        patience: Timeouts,
        deadline: &mut Deadline,
        wanted: bool,
        enough: &impl Fn(&PageSnapshot) -> bool,
    ) -> Result<(PageSnapshot, Option<Vec<u8>>), BrowserError> {
        let mut activities = self.tracker.watch();
        let set_out = Instant::now() + SETTING_OUT;
        // What it showed first, since it was busy last: a page that counts shows something else later.
        let seen = Mutex::<Option<DocumentMark>>::default();
        loop {
            let activity = *activities.borrow_and_update();
            if let Some(crashed) = self.crashed() {
                return Err(crashed);
            }
            let since = activity.last.max(self.acted).max(self.in_front_since);
            if activity.is_busy() {
                // A document whose answer has begun is not waited for without end: some go on as long as they are looked at.
                let begun = activity.loading && !activity.awaiting && !activity.asking;
                let limit = if begun { deadline.at.min(since + WINDOWS * patience.quiet) } else { deadline.at };
                if timeout_at(limit, activities.changed()).await.is_err() && !deadline.moved(self.app_is_at_work()) {
                    return Ok((self.give_up(activity.loading, since).await?, self.picture(wanted).await));
                }
                continue;
            }
            if activity.last < self.acted
                && let Ok(changed) = timeout_at(set_out, activities.changed()).await
            {
                changed.map_err(|_| BrowserError::Lost)?;
                continue;
            }
            // A reading that fails because the page went away under it is an answer too: it is on the move.
            // One that is on its way would hold the reading up until it is there.
            let mut setting_out = self.tracker.watch();
            let still = AtomicBool::new(false);
            let fits = |snapshot: &PageSnapshot| {
                let first = snapshot.document.clone();
                seen.lock().unwrap_or_else(PoisonError::into_inner).replace(first);
                let is_news = self.is_news(snapshot);
                still.store(is_news && stays(snapshot), Ordering::Relaxed);
                is_news && enough(snapshot)
            };
            tokio::select! {
                looked = self.look(wanted, fits) => if let Ok(Some(looked)) = looked { return Ok(looked) },
                Ok(_) = setting_out.wait_for(|activity| activity.loading) => continue,
            }
            let quiet = if still.into_inner() { patience.quiet.min(SETTLES) } else { patience.quiet };
            let mut until = since + quiet;
            loop {
                tokio::select! {
                    changed = activities.changed() => {
                        changed.map_err(|_| BrowserError::Lost)?;
                        break;
                    }
                    () = sleep_until(until.min(deadline.at)) => {
                        let looked = self.look(wanted, |_| true).await?.ok_or(BrowserError::Lost)?;
                        let before = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
                        let might = Quiet {
                            snapshot: &looked.0,
                            before: before.as_ref(),
                            since,
                            holds: activity.holding,
                            polls: activity.polls,
                            in_apps_window: self.is_in_apps_window(),
                            deadline: deadline.at,
                        };
                        let now = Instant::now();
                        let goes_on = might.until(patience);
                        if now >= goes_on
                            && !self.is_at_work(&looked.0, patience)
                            && !(enough_is_missing(&looked.0, enough) && deadline.moved(self.app_is_at_work())) {
                            return Ok(looked);
                        }
                        // Looked at again and again: what it shows may change without any request.
                        until = now + LOOK_AGAIN.min(patience.quiet);
                    }
                }
                if self
                    .look(false, |snapshot| self.is_news(snapshot) && enough(snapshot))
                    .await
                    .is_ok_and(|looked| looked.is_some())
                {
                    break;
                }
            }
        }
    }

    /// Reads the page and takes its picture, which is as much work again, and mostly waiting for the next frame: both at once
    /// where that is possible. Comes back with nothing as soon as the page is read and does not fit.
    async fn look(
        &self,
        wanted: bool,
        fits: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<Option<(PageSnapshot, Option<Vec<u8>>)>, BrowserError> {
        let at_once = self.context.as_ref().is_some_and(|context| context.bidi.is_direct());
        let mut picture = Box::pin(self.picture(wanted));
        let mut read = Box::pin(self.read());
        let mut taken = None;
        let snapshot = loop {
            tokio::select! {
                snapshot = &mut read => break snapshot?,
                picture = &mut picture, if at_once && taken.is_none() => taken = Some(picture),
            }
        };
        if !fits(&snapshot) {
            return Ok(None);
        }
        let picture = match taken {
            Some(picture) => picture,
            None => picture.await,
        };
        Ok(Some((snapshot, picture)))
    }

    /// Takes the page as it is, though it is busy still; notes that it stalled where its document did not end.
    async fn give_up(&mut self, loading: bool, since: Instant) -> Result<PageSnapshot, BrowserError> {
        tracing::debug!(name: "taken_while_busy", loading, "a page that is busy still is taken as it is");
        if !loading {
            let snapshot = self.read().await?;
            if !snapshot.is_busy && snapshot.page.kind != PageKind::Blank {
                // It waits for none of what is under way.
                self.tracker.hold();
            }
            self.tracker.give_up();
            return Ok(snapshot);
        }
        let document = self.tracker.give_up();
        if document.is_none() && self.end_blocking_script().await {
            self.stalled = Some(Stalled { url: String::new(), begun: true, blocked: true, after: since.elapsed() });
        }
        if let Some(hop) = document {
            let (begun, waited) = (hop.status.is_some(), since.elapsed());
            if !begun {
                self.prove_network().await?;
            }
            let blocked = self.stop_loading(begun).await?;
            // One that loads itself again and again was answered every time but the last.
            let answered = self.was_answered(&hop.url);
            let after = if answered { self.acted.elapsed() } else { waited };
            self.stalled = Some(Stalled { url: hop.url, begun: begun || answered, blocked, after });
        }
        self.read().await
    }

    /// Whether this address has been answered with a page since the last act.
    fn was_answered(&self, url: &str) -> bool {
        let acted_ms =
            self.recorder.now_ms().saturating_sub(u64::try_from(self.acted.elapsed().as_millis()).unwrap_or(0));
        let is_answer = |hop: &Hop| hop.url == url && hop.status.is_some_and(|status| !(300..400).contains(&status));
        self.recorder.scan(0, |entries| {
            let mut since = entries.iter().rev().take_while(|entry| entry.at_ms >= acted_ms);
            since.any(|entry| matches!(&entry.event, Event::Hop(hop) if hop.user == self.label() && is_answer(hop)))
        })
    }

    async fn await_page_by_polling(
        &mut self,
        patience: Timeouts,
        enough: &impl Fn(&PageSnapshot) -> bool,
    ) -> Result<PageSnapshot, BrowserError> {
        let mut deadline = Deadline::of(self.acted, patience);
        let mut last = self.before.clone();
        let mut changed = self.acted;
        let mut seen: Option<DocumentMark> = None;
        loop {
            self.answer_dialogs().await;
            if self.follow().await? {
                (last, changed) = (self.before.clone(), Instant::now());
                deadline = Deadline::of(changed, patience);
            }
            let snapshot = self.read().await;
            if let Ok(snapshot) = snapshot {
                if last.as_ref().is_none_or(|last| last.origin != snapshot.document.origin) {
                    self.tracker.hop(Hop {
                        user: self.label().to_owned(),
                        method: String::new(),
                        url: snapshot.page.url.clone(),
                        status: snapshot.page.status,
                        location: None,
                        cause: HopCause::Navigation,
                        error: None,
                        from_service_worker: false,
                        asks_for: None,
                    });
                }
                if last.as_ref() != Some(&snapshot.document) {
                    seen = last.replace(snapshot.document.clone());
                    changed = Instant::now();
                }
                let now = Instant::now();
                if self.is_news(&snapshot) && enough(&snapshot) {
                    return Ok(snapshot);
                }
                if now >= (changed + patience.quiet).min(deadline.at) {
                    let in_apps_window = self.is_in_apps_window();
                    let (before, since) = (seen.as_ref(), changed);
                    let might = Quiet {
                        snapshot: &snapshot,
                        before,
                        since,
                        holds: false,
                        polls: false,
                        in_apps_window,
                        deadline: deadline.at,
                    };
                    let waits = enough_is_missing(&snapshot, enough) && deadline.moved(self.app_is_at_work());
                    if now >= might.until(patience) && !waits && !self.is_at_work(&snapshot, patience) {
                        return Ok(snapshot);
                    }
                }
            } else if Instant::now() >= deadline.at {
                return snapshot;
            }
            sleep_until(Instant::now() + POLL).await;
        }
    }

    /// Without events: presses OK in the dialogs that a script has opened, and notes what they say.
    async fn answer_dialogs(&self) {
        while let Ok(text) = self.command("read a dialog", |client| async move { client.get_alert_text().await }).await
        {
            // Which kind it is is not told.
            let kind = if text.trim_end().ends_with('?') { "confirm" } else { "alert" };
            let prompt = json!({ "type": kind, "message": text });
            self.tracker.take("browsingContext.userPromptOpened", &prompt, Follow::Tab);
            if self.command("press OK", |client| async move { client.accept_alert().await }).await.is_err() {
                return;
            }
        }
    }

    /// Stops loading, as by the browser's own button: commands wait for a page that loads. Whether a script of the page had to be ended
    /// for it.
    async fn stop_loading(&self, begun: bool) -> Result<bool, BrowserError> {
        let Some(context) = &self.context else { return Ok(false) };
        if self.stops().await {
            return Ok(false);
        }
        // Of a page that has not begun, no script runs.
        if begun && self.end_blocking_script().await && self.stops().await {
            return Ok(true);
        }
        // What hangs goes away with its page.
        let blank = json!({ "context": context.tab, "url": "about:blank", "wait": "none" });
        context.bidi.send("browsingContext.navigate", &blank).await.map(|_| false)
    }

    /// Whether the page stops loading, and can be read then.
    async fn stops(&self) -> bool {
        let Some(context) = &self.context else { return false };
        let target = json!({ "context": context.tab });
        let stop = json!({ "expression": "window.stop()", "target": target, "awaitPromise": false });
        matches!(timeout(STOP, context.bidi.send("script.evaluate", &stop)).await, Ok(Ok(_)))
            && matches!(timeout(STOP, self.read()).await, Ok(Ok(_)))
    }

    fn is_news(&self, snapshot: &PageSnapshot) -> bool {
        // A new address alone is none: what belongs to it may not be there yet.
        let is_next = self.sent.as_ref().is_none_or(|sent| sent.is_left_for(snapshot));
        is_next
            && self.before.as_ref().is_none_or(|before| {
                (before.origin, &before.text) != (snapshot.document.origin, &snapshot.document.text)
            })
    }

    /// Whether a form that was sent still shows that it is at work, and may for a while.
    fn is_at_work(&self, snapshot: &PageSnapshot, patience: Timeouts) -> bool {
        let may = Instant::now() < self.acted + WINDOWS * patience.quiet;
        self.sent.is_some() && snapshot.working && may
    }
}

/// Until when a page is waited for at most.
#[derive(Debug)]
struct Deadline {
    at: Instant,
    /// The same where the app itself waits.
    latest: Instant,
}

impl Deadline {
    fn of(since: Instant, patience: Timeouts) -> Self {
        let at = since.max(Instant::now()) + patience.page;
        Self { at, latest: at + APP_WAITS }
    }

    /// Puts it off while the app is at work; whether that could be done.
    fn moved(&mut self, at_work: bool) -> bool {
        let now = Instant::now();
        if !at_work || now >= self.latest {
            return false;
        }
        self.at = self.at.max(now + LOOK_AGAIN).min(self.latest);
        true
    }
}

fn enough_is_missing(snapshot: &PageSnapshot, enough: &impl Fn(&PageSnapshot) -> bool) -> bool {
    !enough(snapshot)
}
