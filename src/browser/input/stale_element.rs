//! Elements that a page has drawn anew since it was read: what stands in their place is used instead.

use fantoccini::error::{CmdError, ErrorStatus};

use crate::browser::{BrowserError, PageSnapshot};

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
