//! Clicks that came before a page's script.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::browser::{PageSnapshot, User};

/// How long after its document was answered a page's script may come to life.
const COMES_TO_LIFE: Duration = Duration::from_secs(10);

impl User {
    /// Whether the last act, a click, came to nothing on a page that had just been opened: nothing was asked of a server but parts of the
    /// page, and it shows what it showed. Its script may not have run yet, and a person clicks once more. Forms are not sent so: what was
    /// typed may be lost.
    pub fn clicked_too_soon(&self, clicked: &PageSnapshot, now: &PageSnapshot) -> bool {
        let shows_the_same = clicked.document == now.document
            && clicked.page.controls == now.page.controls
            && clicked.page.fields == now.page.fields
            && clicked.page.alerts == now.page.alerts;
        let answered = UNIX_EPOCH + Duration::from_micros(clicked.document.answered);
        let age = SystemTime::now().duration_since(answered).unwrap_or_default().saturating_sub(self.acted.elapsed());
        shows_the_same
            && age < COMES_TO_LIFE
            && self.sent.is_none()
            && !now.was_told_by_dialog()
            && !self.tracker.has_talked(self.acted)
    }
}
