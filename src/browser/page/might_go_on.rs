//! Whether a page that is quiet might still go on by itself: one that counts down, loads, or offers nothing to do.

use std::time::Duration;

use tokio::time::Instant;

use crate::browser::page::page_snapshot::DocumentMark;
use crate::browser::{PageSnapshot, Timeouts};
use crate::evidence::PageKind;

/// Quiet windows for which a page that might go on by itself is given time to do so.
pub(in crate::browser) const WINDOWS: u32 = 3;
/// How long a page that names the time at which it goes on may take to do so.
const LATE: Duration = Duration::from_secs(1);

/// A page that is quiet, and what is known of it.
#[derive(Debug)]
pub(in crate::browser) struct Quiet<'a> {
    pub(in crate::browser) sight: &'a PageSnapshot,
    /// What it showed when it was quiet last.
    pub(in crate::browser) before: Option<&'a DocumentMark>,
    /// Since when nothing was fetched.
    pub(in crate::browser) since: Instant,
    /// Whether requests are open that the server holds.
    pub(in crate::browser) holds: bool,
    /// Whether it stands in a window that the app opened.
    pub(in crate::browser) in_apps_window: bool,
    /// When it is taken as it is, whatever it shows.
    pub(in crate::browser) deadline: Instant,
}

impl Quiet<'_> {
    /// Until when it might go on by itself; it is at rest where that is over.
    pub(in crate::browser) fn until(&self, patience: Timeouts) -> Instant {
        let some_more = (self.since + WINDOWS * patience.quiet).min(self.deadline);
        let sight = self.sight;
        let page = &sight.page;
        if let Some(seconds) = sight.refresh {
            return (self.since + Duration::from_secs(seconds.into()) + LATE).min(self.deadline);
        }
        let acts = page.controls.iter().any(|control| !control.in_navigation && control.is_button());
        let is_form = acts || page.fields.iter().any(|field| field.form.is_some());
        let counts = self
            .before
            .is_some_and(|before| before.origin == sight.document.origin && before.text != sight.document.text);
        let is_empty = self.in_apps_window && page.kind == PageKind::Blank;
        if is_empty || counts && !is_form || sight.is_busy && self.holds {
            return self.deadline;
        }
        let offers_nothing = page.kind == PageKind::Other
            && page.fields.is_empty()
            && page.controls.iter().all(|control| control.in_navigation);
        if sight.is_busy || offers_nothing { some_more } else { self.since }
    }
}
