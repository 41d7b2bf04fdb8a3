//! What stands in frames: each document is read by its own script, and what a person sees is all of it together.

use fantoccini::Client;
use fantoccini::error::CmdError;
use serde_json::Value;

use crate::browser::page::overridden_part::OverriddenPart;
use crate::browser::page::page_snapshot::Reading;
use crate::browser::page::read_page;
use crate::browser::{BrowserError, User};

/// Frames of a document that are read, from the top; a person looks at one.
const MOST_FRAMES: usize = 3;
/// How deep frames stand in frames: an app in its host's frame, that shows another site's form in one of its own.
const DEEPEST: usize = 3;

impl User {
    /// Reads the document in front of the user and those in its frames.
    pub(in crate::browser) async fn read_all(&self) -> Result<Reading, BrowserError> {
        let mut page = self.read_document(&[], "read the page").await?;
        page.began = page.origin;
        self.read_frames(&mut page, &[]).await;
        Ok(page)
    }

    /// Reads the document within these frames.
    async fn read_document(&self, frames: &[String], what: &str) -> Result<Reading, BrowserError> {
        let wanted = serde_json::to_value(&self.overrides)?;
        self.command_in(frames, what, |client| run_reader(client, wanted)).await.and_then(parsed)
    }

    /// Adds to a document that stands within these frames what its own show.
    async fn read_frames(&self, page: &mut Reading, around: &[String]) {
        for frame in std::mem::take(&mut page.frames).into_iter().take(MOST_FRAMES) {
            let path = [around, &[frame.id]].concat();
            match self.read_document(&path, "read a frame").await {
                Ok(mut inner) => {
                    inner.controls.iter_mut().for_each(|read| read.element.frames.clone_from(&path));
                    inner.fields.iter_mut().for_each(|read| read.element.frames.clone_from(&path));
                    let boxes = inner.fields.iter_mut().flat_map(|read| &mut read.boxes);
                    boxes.for_each(|one| one.frames.clone_from(&path));
                    if path.len() < DEEPEST {
                        Box::pin(self.read_frames(&mut inner, &path)).await;
                    }
                    take_in(page, inner);
                }
                // It went away, or moves on just now.
                Err(error) => tracing::debug!(%error, "a frame could not be read"),
            }
        }
    }
}

async fn run_reader(client: Client, overrides: Value) -> Result<Value, CmdError> {
    client.execute(read_page::SCRIPT, vec![overrides]).await
}

/// The page reader's answer. It ran among the page's own scripts, so that numbers in it may name nothing.
pub(in crate::browser) fn parsed(answer: Value) -> Result<Reading, BrowserError> {
    let mut reading: Reading = serde_json::from_value(answer)?;
    reading.overridden.iter().try_for_each(OverriddenPart::sound)?;
    let (forms, dialogs) = (reading.submits.len(), reading.dialogs.len());
    let (controls, fields) = (reading.controls.len(), reading.fields.len());
    let keep = |number: &mut Option<usize>, count: usize| *number = number.filter(|number| *number < count);
    for read in &mut reading.controls {
        keep(&mut read.form, forms);
        keep(&mut read.dialog, dialogs);
    }
    for read in &mut reading.fields {
        keep(&mut read.field.form, forms);
        keep(&mut read.dialog, dialogs);
    }
    reading.submits.iter_mut().for_each(|submit| keep(submit, controls));
    for part in &mut reading.overridden {
        keep(&mut part.control, controls);
        keep(&mut part.field, fields);
    }
    Ok(reading)
}

/// Adds what a frame shows to the page around it. It comes first: it is what the user came for.
fn take_in(page: &mut Reading, mut frame: Reading) {
    let (forms, controls) = (page.submits.len(), page.controls.len());
    let dialogs = page.dialogs.len();
    // Numbers that tell things apart do so in one document; another's begin beyond them.
    let beyond = page.controls.iter().flat_map(|read| read.around.iter().map(|level| level.id).chain(read.group)).max();
    let beyond = beyond.map_or(0, |most| most + 1);
    for read in &mut frame.controls {
        read.form = read.form.map(|form| form + forms);
        read.dialog = read.dialog.map(|dialog| dialog + dialogs);
        read.group = read.group.map(|group| group + beyond);
        read.around.iter_mut().for_each(|level| level.id += beyond);
    }
    for read in &mut frame.fields {
        read.dialog = read.dialog.map(|dialog| dialog + dialogs);
        read.field.form = read.field.form.map(|form| form + forms);
    }
    let fields = page.fields.len();
    for found in frame.overridden.into_iter().filter(OverriddenPart::is_found) {
        let (control, field) = (found.control.map(|at| at + controls), found.field.map(|at| at + fields));
        page.overridden.retain(|other| other.part != found.part);
        page.overridden.push(OverriddenPart { control, field, ..found });
    }
    page.busy |= frame.busy;
    page.refresh = page.refresh.or(frame.refresh);
    page.dialogs.append(&mut frame.dialogs);
    page.outline.splice(0..0, frame.outline);
    page.prose.insert_str(0, &format!("{} ", frame.prose));
    page.submits.extend(frame.submits.iter().map(|submit| submit.map(|control| control + controls)));
    page.controls.append(&mut frame.controls);
    page.fields.append(&mut frame.fields);
    page.headings.splice(0..0, frame.headings);
    page.alerts.splice(0..0, frame.alerts);
    format!("{} {}", frame.text, page.text).trim().clone_into(&mut page.text);
    page.origin = page.origin.wrapping_add(frame.origin);
    page.bot_check = frame.bot_check.or(page.bot_check.take());
    page.working |= frame.working;
    if page.frame.is_none() {
        page.status = frame.status.filter(|status| *status >= 400).or(page.status);
        page.frame = Some(frame.url);
    }
}
