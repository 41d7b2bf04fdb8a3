//! Reading the page in front of a user: one script, one call.

use crate::browser::PageSnapshot;
use crate::browser::page::navigation::document::Document;
use crate::browser::page::page_snapshot::{DocumentMark, ElementHandle, Handle, Reading};
use crate::browser::page::recognise::{behind_dialog, name_field_kinds, name_overridden_fields, recognise};
use crate::evidence::{Page, PolicyViolation, Recorder};

/// The page reader.
pub(in crate::browser) const SCRIPT: &str = include_str!("read.js");

impl ElementHandle {
    fn handle(self) -> Handle {
        Handle { id: self.id, frames: self.frames }
    }
}

/// Makes a snapshot of the page reader's answer.
pub(in crate::browser) fn snapshot(
    mut reading: Reading,
    user: &str,
    document: &Document,
    klaviyo_hosts: &[String],
    recorder: &Recorder,
) -> PageSnapshot {
    let on_klaviyo = is_on(&reading.url, klaviyo_hosts);
    if on_klaviyo {
        reading.overridden.clear();
    }
    name_field_kinds(&mut reading);
    name_overridden_fields(&mut reading);
    let recognised = recognise(&reading, on_klaviyo);
    let redact = |text: &str| recorder.redact(text);
    let page = Page {
        user: user.to_owned(),
        url: redact(&reading.url),
        title: redact(&reading.title),
        kind: recognised.kind,
        certainty: recognised.certainty,
        why: recognised.why.iter().map(|why| redact(why)).collect(),
        cause: recognised.cause,
        status: reading.status.or(document.status),
        media_type: reading.media_type.clone().or_else(|| document.media_type.clone()),
        headings: reading.headings.iter().map(|heading| redact(heading)).collect(),
        text: recorder.page_text(&with_vanished(&reading)),
        alerts: reading.alerts.iter().map(|alert| redact(alert)).collect(),
        controls: reading
            .controls
            .iter()
            .map(|read| {
                let mut control = read.control.clone();
                control.name = redact(&control.name);
                control.near = redact(&control.near);
                control.href = control.href.as_deref().map(redact);
                control
            })
            .collect(),
        fields: reading.fields.iter().map(|read| read.field.clone()).collect(),
        frame: reading.frame.as_deref().map(redact),
        bot_check: reading.bot_check.clone(),
        violations: reading
            .violations
            .iter()
            .map(|violation| PolicyViolation { blocked: redact(&violation.blocked), ..violation.clone() })
            .collect(),
        pictures: reading.pictures.iter().map(|picture| redact(picture)).collect(),
        shot: None,
    };
    PageSnapshot {
        page,
        parts: recognised.parts,
        behind: behind_dialog(&reading),
        document: DocumentMark {
            origin: reading.origin,
            began: reading.began,
            answered: reading.answered,
            url: reading.url,
            text: reading.text,
        },
        controls: reading.controls.into_iter().map(|read| read.element.handle()).collect(),
        empty: reading.fields.iter().map(|read| read.empty).collect(),
        constraints: reading.fields.iter().map(|read| read.constraints.clone()).collect(),
        boxes: reading
            .fields
            .iter_mut()
            .map(|read| std::mem::take(&mut read.boxes).into_iter().map(ElementHandle::handle).collect())
            .collect(),
        working: reading.working,
        fields: reading.fields.into_iter().map(|read| read.element.handle()).collect(),
        submits: reading.submits,
        refresh: reading.refresh,
        scripts: reading.scripts,
        is_busy: reading.busy,
        by_dialog: reading.by_dialog,
        messages: reading.alerts,
        overridden: reading.overridden,
    }
}

/// What is seen, and what was: a message counts though it vanished.
fn with_vanished(reading: &Reading) -> String {
    let mut text = reading.text.clone();
    for message in &reading.vanished {
        text.push(' ');
        text.push_str(message);
    }
    text
}

/// Whether an address is on one of these hosts (with port), or a subdomain of one.
fn is_on(url: &str, hosts: &[String]) -> bool {
    let Ok(url) = url::Url::parse(url) else { return false };
    let Some(host) = url.host_str() else { return false };
    let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    hosts.iter().any(|known| host == *known || host.ends_with(&format!(".{known}")))
}
