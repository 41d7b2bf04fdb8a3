//! Waiting until a page has come to rest.
//!
//! A page is at rest when it shows what was waited for, or when for a while (the quiet window) it neither navigated nor
//! fetched: some apps redirect by script a second or two after they have shown something.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::{BrowserError, Patience, Sight, User};
use crate::evidence::{Hop, HopCause};

/// Without events, how often the page is looked at.
const POLL: Duration = Duration::from_millis(100);

impl User {
    /// Waits until the page has come to rest, and returns it. A page that changed since the last act and of which
    /// `enough` holds is taken at once; any other after the quiet window.
    pub async fn rest(&mut self, patience: Patience, enough: impl Fn(&Sight) -> bool) -> Result<Sight, BrowserError> {
        let deadline = self.acted.max(Instant::now()) + patience.page;
        let sight = if self.context.is_some() {
            self.rest_by_events(patience, deadline, &enough).await
        } else {
            self.rest_by_polling(patience, deadline, &enough).await
        }?;
        self.saw(&sight);
        Ok(sight)
    }

    async fn rest_by_events(
        &mut self,
        patience: Patience,
        deadline: Instant,
        enough: &impl Fn(&Sight) -> bool,
    ) -> Result<Sight, BrowserError> {
        let mut pulses = self.trail.watch();
        loop {
            let pulse = *pulses.borrow_and_update();
            if pulse.is_busy() {
                if timeout_at(deadline, pulses.changed()).await.is_err() {
                    self.trail.give_up("no answer in time");
                    return self.read().await;
                }
                continue;
            }
            // A reading that fails because the page went away under it is an answer too: it is on the move.
            let sight = self.read().await;
            if let Ok(sight) = &sight
                && self.is_news(sight)
                && enough(sight)
            {
                return Ok(sight.clone());
            }
            let quiet = pulse.last.max(self.acted) + patience.quiet;
            tokio::select! {
                changed = pulses.changed() => changed.map_err(|_| BrowserError::Lost)?,
                () = sleep_until(quiet.min(deadline)) => return self.read().await,
            }
        }
    }

    async fn rest_by_polling(
        &mut self,
        patience: Patience,
        deadline: Instant,
        enough: &impl Fn(&Sight) -> bool,
    ) -> Result<Sight, BrowserError> {
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

    fn is_news(&self, sight: &Sight) -> bool {
        self.before.as_ref() != Some(&sight.document)
    }
}
