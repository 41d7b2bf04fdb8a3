//! Waiting until a page has come to rest.
//!
//! A page is at rest when it shows what was waited for, or when for a while (the quiet window) it neither navigated nor
//! fetched: some apps redirect by script a second or two after they have shown something.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use crate::browser::{BrowserError, PageSnapshot, Timeouts, User};
use crate::evidence::{Hop, HopCause};

/// Without events, how often the page is looked at.
const POLL: Duration = Duration::from_millis(100);
/// Quiet windows that a page may stay busy without anything to be seen of it.
const BUSY_WINDOWS: u32 = 3;
/// How long after an act its document may set out. Read before that, the page would be read again when it is there.
const SETTING_OUT: Duration = Duration::from_millis(25);
/// How long the browser may take to stop loading.
const STOP: Duration = Duration::from_secs(3);

/// A page that was given up.
#[derive(Debug, Clone)]
pub struct Stalled {
    /// Its address, with secrets replaced.
    pub url: String,
    /// Whether its answer had begun.
    pub begun: bool,
    /// How long was waited.
    pub after: Duration,
}

impl User {
    /// Waits until the page has come to rest, and returns it. A page that changed since the last act and of which
    /// `enough` holds is taken at once; any other after the quiet window.
    pub async fn rest(
        &mut self,
        patience: Timeouts,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<PageSnapshot, BrowserError> {
        Ok(self.rest_pictured(patience, false, enough).await?.0)
    }

    /// The same, with a picture of it where one is `wanted`; none came of it where the browser would not.
    pub async fn rest_pictured(
        &mut self,
        patience: Timeouts,
        wanted: bool,
        enough: impl Fn(&PageSnapshot) -> bool,
    ) -> Result<(PageSnapshot, Option<Vec<u8>>), BrowserError> {
        let deadline = self.acted.max(Instant::now()) + patience.page;
        let (sight, picture) = if self.context.is_some() {
            self.rest_by_events(patience, deadline, wanted, &enough).await?
        } else {
            (self.rest_by_polling(patience, deadline, &enough).await?, self.picture(wanted).await)
        };
        self.saw(&sight);
        Ok((sight, picture))
    }

    async fn rest_by_events(
        &mut self,
        patience: Timeouts,
        deadline: Instant,
        wanted: bool,
        enough: &impl Fn(&PageSnapshot) -> bool,
    ) -> Result<(PageSnapshot, Option<Vec<u8>>), BrowserError> {
        let mut pulses = self.trail.watch();
        let set_out = Instant::now() + SETTING_OUT;
        loop {
            let pulse = *pulses.borrow_and_update();
            if pulse.is_busy() {
                // An answer that has begun, or a fetch of a page that has loaded, is not waited for without end: some pages
                // stream, or ask for news with a request that stays open.
                let last = pulse.last.max(self.acted);
                let limit = if pulse.awaiting { deadline } else { deadline.min(last + BUSY_WINDOWS * patience.quiet) };
                if timeout_at(limit, pulses.changed()).await.is_err() {
                    return Ok((self.give_up(pulse.loading, last).await?, self.picture(wanted).await));
                }
                continue;
            }
            if pulse.last < self.acted
                && let Ok(changed) = timeout_at(set_out, pulses.changed()).await
            {
                changed.map_err(|_| BrowserError::Lost)?;
                continue;
            }
            // A reading that fails because the page went away under it is an answer too: it is on the move.
            // One that is on its way would hold the reading up until it is there.
            let mut setting_out = self.trail.watch();
            let fits = |sight: &PageSnapshot| self.is_news(sight) && enough(sight);
            tokio::select! {
                looked = self.look(wanted, fits) => if let Ok(Some(looked)) = looked { return Ok(looked) },
                Ok(_) = setting_out.wait_for(|pulse| pulse.loading) => continue,
            }
            let quiet = pulse.last.max(self.acted) + patience.quiet;
            tokio::select! {
                changed = pulses.changed() => changed.map_err(|_| BrowserError::Lost)?,
                () = sleep_until(quiet.min(deadline)) => {
                    return self.look(wanted, |_| true).await?.ok_or(BrowserError::Lost);
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
        let sight = loop {
            tokio::select! {
                sight = &mut read => break sight?,
                picture = &mut picture, if at_once && taken.is_none() => taken = Some(picture),
            }
        };
        if !fits(&sight) {
            return Ok(None);
        }
        let picture = match taken {
            Some(picture) => picture,
            None => picture.await,
        };
        Ok(Some((sight, picture)))
    }

    /// Takes the page as it is, though it is busy still; notes that it stalled where its document did not end.
    async fn give_up(&mut self, loading: bool, since: Instant) -> Result<PageSnapshot, BrowserError> {
        tracing::debug!(name: "taken_while_busy", loading, "a page that is busy still is taken as it is");
        let document = self.trail.give_up();
        if let Some(hop) = document.filter(|_| loading) {
            self.stalled = Some(Stalled { url: hop.url, begun: hop.status.is_some(), after: since.elapsed() });
            self.stop_loading().await?;
        }
        self.read().await
    }

    async fn rest_by_polling(
        &mut self,
        patience: Timeouts,
        deadline: Instant,
        enough: &impl Fn(&PageSnapshot) -> bool,
    ) -> Result<PageSnapshot, BrowserError> {
        let mut last = self.before.clone();
        let mut changed = self.acted;
        loop {
            let sight = self.read().await;
            if let Ok(sight) = sight {
                if last.as_ref().is_none_or(|last| last.origin != sight.document.origin) {
                    self.trail.hop(Hop {
                        user: self.label().to_owned(),
                        method: String::new(),
                        url: sight.page.url.clone(),
                        status: sight.page.status,
                        location: None,
                        cause: HopCause::Navigation,
                        error: None,
                    });
                }
                if last.as_ref() != Some(&sight.document) {
                    changed = Instant::now();
                    last = Some(sight.document.clone());
                }
                let now = Instant::now();
                if self.is_news(&sight) && enough(&sight) || now >= (changed + patience.quiet).min(deadline) {
                    return Ok(sight);
                }
            } else if Instant::now() >= deadline {
                return sight;
            }
            sleep_until(Instant::now() + POLL).await;
        }
    }

    /// Stops loading, as by the browser's own button: commands wait for a page that loads.
    async fn stop_loading(&self) -> Result<(), BrowserError> {
        let Some(context) = &self.context else { return Ok(()) };
        let target = json!({ "context": context.tab });
        let stop = json!({ "expression": "window.stop()", "target": target, "awaitPromise": false });
        if let Ok(Ok(_)) = timeout(STOP, context.bidi.send("script.evaluate", &stop)).await
            && let Ok(Ok(_)) = timeout(STOP, self.read()).await
        {
            return Ok(());
        }
        // What hangs goes away with its page.
        let blank = json!({ "context": context.tab, "url": "about:blank", "wait": "none" });
        context.bidi.send("browsingContext.navigate", &blank).await.map(drop)
    }

    fn is_news(&self, sight: &PageSnapshot) -> bool {
        self.before.as_ref() != Some(&sight.document)
    }
}
