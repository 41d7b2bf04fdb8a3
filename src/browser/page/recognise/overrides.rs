//! What `flowcheck.yaml` says of a page, which counts before anything that was recognised.

use super::error_cause::cause_named_in;
use super::recognised::Recognised;
use crate::browser::page::page_snapshot::{Part, Reading, Tenants};
use crate::evidence::{FieldKind, Page, PageKind, PagePart};

/// Percent of certainty of what is found as the file says.
const SAID: u8 = 100;
/// The same of a state of which only the control that changes it was said.
const FOLLOWS: u8 = Page::CLEAR;

/// Makes fields what the file says they are, for all who read the page from here on.
pub(in crate::browser) fn name_overridden_fields(reading: &mut Reading) {
    for overridden in &reading.overridden {
        let Some(read) = overridden.field.and_then(|field| reading.fields.get_mut(field)) else { continue };
        match overridden.part {
            PagePart::LoginEmail | PagePart::SignUpEmail => read.field.kind = FieldKind::Email,
            PagePart::LoginPassword => read.field.kind = FieldKind::Password,
            PagePart::SignUpPassword => read.field.kind = FieldKind::NewPassword,
            PagePart::LoginCode => read.field.kind = FieldKind::Code,
            _ => {}
        }
    }
}

/// Puts what the file says in place of what was recognised.
pub(super) fn apply_overrides(mut found: Recognised, reading: &Reading) -> Recognised {
    for overridden in &reading.overridden {
        let part = overridden.control.map(|control| Part { control, certainty: SAID, why: said(overridden.part) });
        match overridden.part {
            PagePart::Connect => found.parts.connect = part,
            // Where it asks once more, the control is the one that says yes.
            PagePart::Disconnect if !found.parts.asks_once_more => found.parts.disconnect = part,
            PagePart::CookieBanner => found.parts.banner = part,
            PagePart::TenantField => found.parts.tenants = overridden.field.map(|field| Tenants::Field { field }),
            _ => {}
        }
    }
    if let Some(control) = control(reading, PagePart::Confirm) {
        found.parts.disconnect = Some(Part { control, certainty: SAID, why: said(PagePart::Confirm) });
        found.parts.asks_once_more = true;
    }
    match kind(&found, reading) {
        Some((kind, certainty, part)) => {
            let text = text(reading, part).unwrap_or_default();
            let cause = (kind == PageKind::Error).then(|| cause_named_in(text));
            Recognised { kind, certainty, why: vec![said(part)], cause, parts: found.parts }
        }
        None => found,
    }
}

/// The kind of page that the file makes it, how sure that is, and the part it follows from.
fn kind(found: &Recognised, reading: &Reading) -> Option<(PageKind, u8, PagePart)> {
    let is_there = |part: &PagePart| text(reading, *part).is_some();
    let first = |parts: &[PagePart]| parts.iter().copied().find(is_there);
    let sure_of = |kinds: &[PageKind]| kinds.contains(&found.kind) && found.certainty >= Page::SURE;
    if let Some(part) = first(&[PagePart::SignUpSubmit]) {
        return Some((PageKind::SignUp, SAID, part));
    }
    let login = first(&[PagePart::LoginSubmit]).or_else(|| {
        let box_for_it = first(&[PagePart::LoginPassword, PagePart::LoginCode, PagePart::LoginEmail]);
        box_for_it.filter(|_| !sure_of(&[PageKind::SignUp]))
    });
    if let Some(part) = login {
        return Some((PageKind::Login, SAID, part));
    }
    let marks = [
        (PagePart::TenantField, PageKind::TenantChoice),
        (PagePart::Error, PageKind::Error),
        (PagePart::Confirm, PageKind::Installed),
        (PagePart::Installed, PageKind::Installed),
        (PagePart::NotInstalled, PageKind::NotInstalled),
        (PagePart::Notice, PageKind::Notice),
    ];
    let mut marks = marks.into_iter().filter(|(part, _)| is_there(part));
    if let Some((part, kind)) = marks.next() {
        let contradicted = part == PagePart::Installed && is_there(&PagePart::NotInstalled);
        return Some((kind, if contradicted { Page::SURE - 10 } else { SAID }, part));
    }
    if found.certainty >= Page::SURE && found.kind != PageKind::Other {
        return None;
    }
    match (is_there(&PagePart::Disconnect), is_there(&PagePart::Connect)) {
        (true, false) => Some((PageKind::Installed, FOLLOWS, PagePart::Disconnect)),
        (false, true) => Some((PageKind::NotInstalled, FOLLOWS, PagePart::Connect)),
        _ => None,
    }
}

fn control(reading: &Reading, part: PagePart) -> Option<usize> {
    reading.overridden.iter().find(|overridden| overridden.part == part)?.control
}

fn text(reading: &Reading, part: PagePart) -> Option<&str> {
    reading.overridden.iter().find(|overridden| overridden.part == part)?.text.as_deref()
}

fn said(part: PagePart) -> String {
    format!("found by `{part}` of flowcheck.yaml")
}
