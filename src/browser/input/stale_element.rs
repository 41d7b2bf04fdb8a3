//! What is done once more: with elements that a page has drawn anew since it was read, and clicks that came before a page's script.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fantoccini::error::{CmdError, ErrorStatus};

use crate::browser::{BrowserError, PageSnapshot, User};

/// How long after its document a page's script may come to life.
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
        let began = UNIX_EPOCH + Duration::from_micros(clicked.document.began);
        let age = SystemTime::now().duration_since(began).unwrap_or_default().saturating_sub(self.acted.elapsed());
        shows_the_same
            && age < COMES_TO_LIFE
            && self.sent.is_none()
            && !now.was_told_by_dialog()
            && !self.tracker.has_talked(self.acted)
    }
}

/// Whether an element, or the window it stood in, is not there any more.
pub(in crate::browser) fn is_stale(error: &BrowserError) -> bool {
    let BrowserError::Command { source, .. } = error else { return false };
    matches!(
        &**source,
        CmdError::Standard(refusal) if matches!(
            refusal.error,
            ErrorStatus::StaleElementReference
                | ErrorStatus::NoSuchElement
                | ErrorStatus::NoSuchWindow
                | ErrorStatus::NoSuchFrame
                | ErrorStatus::DetachedShadowRoot
        )
    )
}

/// The control of a page that is the same to a person as one of an earlier reading.
pub(in crate::browser) fn same_control(before: &PageSnapshot, control: usize, now: &PageSnapshot) -> Option<usize> {
    let wanted = before.page.controls.get(control)?;
    let is_it = |page: &PageSnapshot| {
        let all = page.page.controls.iter().enumerate();
        all.filter(|(_, other)| (other.role, &other.name) == (wanted.role, &wanted.name)).map(|(at, _)| at).collect()
    };
    nth(is_it(before), control, &is_it(now))
}

/// The field of a page that is the same to a person as one of an earlier reading.
pub(in crate::browser) fn same_field(before: &PageSnapshot, field: usize, now: &PageSnapshot) -> Option<usize> {
    let wanted = before.page.fields.get(field)?;
    let is_it = |page: &PageSnapshot| {
        let all = page.page.fields.iter().enumerate();
        all.filter(|(_, other)| (other.kind, &other.label, &other.name) == (wanted.kind, &wanted.label, &wanted.name))
            .map(|(at, _)| at)
            .collect()
    };
    nth(is_it(before), field, &is_it(now))
}

/// Of several alike, the one at the same place among them.
fn nth(before: Vec<usize>, wanted: usize, now: &[usize]) -> Option<usize> {
    let place = before.into_iter().position(|at| at == wanted)?;
    now.get(place).copied()
}
