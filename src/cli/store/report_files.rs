//! A run's reports on disk. No other file of flowcheck writes files that stay, but for those beside it, `init`'s and the fake Klaviyo's state.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::file::{WriteError, check_writable, read_unlinked, write};
use super::run_folder::RunFolder;
use super::run_store::{RUN, add_to_history};
use crate::checklist::Outcome;
use crate::cli::arguments::{ReportKind, ReportTarget};
use crate::evidence::Event;
use crate::report;

/// What became of a run's files.
#[derive(Debug, Default)]
pub(in crate::cli) struct Written {
    /// The page, where it was written.
    pub(in crate::cli) page: Option<PathBuf>,
    /// What could not be written; each file is independent of the others.
    pub(in crate::cli) failed: Vec<WriteError>,
}

/// Writes a run's document, its page, the history of runs, the reports asked for, and a link `latest` to the run. `partial` are scenarios of
/// which only some items were judged.
pub(in crate::cli) fn write_run(
    run: &RunFolder,
    outcome: &Outcome,
    wanted: &[ReportTarget],
    partial: &[String],
) -> Written {
    let mut written = Written::default();
    let shots = run.shots();
    if written.note(write(&run.folder.join(RUN), report::json(outcome))) && !outcome.run.interrupted {
        run.is_complete();
    }
    remove_unnamed_shots(outcome, &shots);
    written.note(add_to_history(&run.output, outcome, partial).map_err(WriteError::of(&run.output)));
    let html = html(outcome, &shots);
    let latest = point_latest(&run.output, &run.folder);
    if written.note(write(&run.folder.join(PAGE), &html)) {
        written.page = Some(latest.as_ref().unwrap_or(&run.folder).join(PAGE));
    }
    for report in wanted {
        let text = if report.kind == ReportKind::Html { html.clone() } else { text_of(report.kind, outcome, &shots) };
        written.note(write(&report.file, text));
    }
    written
}

/// Name of a run's page in its folder.
const PAGE: &str = "index.html";

impl Written {
    fn note(&mut self, result: Result<(), WriteError>) -> bool {
        result.map_err(|error| self.failed.push(error)).is_ok()
    }
}

/// Finds out, before a run, whether its reports can be written.
pub(in crate::cli) fn check_reports(wanted: &[ReportTarget]) -> Result<(), WriteError> {
    wanted.iter().try_for_each(|report| check_writable(&report.file))
}

/// Writes reports of a stored run, each independently of the others.
pub(in crate::cli) fn write_reports(outcome: &Outcome, wanted: &[ReportTarget], shots: &Path) -> Written {
    let mut written = Written::default();
    for report in wanted {
        let ready = check_writable(&report.file);
        written.note(ready.and_then(|()| write(&report.file, text_of(report.kind, outcome, shots))));
    }
    written
}

/// The page of a run whose screenshots are in `shots`.
pub(in crate::cli) fn html(outcome: &Outcome, shots: &Path) -> String {
    report::html(outcome, &|name| screenshot(shots, name))
}

/// A screenshot, where it is a file in that folder.
pub(in crate::cli) fn screenshot(shots: &Path, name: &str) -> Option<Vec<u8>> {
    let is_folder = fs::symlink_metadata(shots).is_ok_and(|known| known.is_dir());
    (is_folder && is_plain(name)).then(|| read_unlinked(&shots.join(name)).ok()).flatten()
}

fn text_of(kind: ReportKind, outcome: &Outcome, shots: &Path) -> String {
    match kind {
        ReportKind::Html => html(outcome, shots),
        ReportKind::Json => report::json(outcome),
        ReportKind::Junit => report::junit(outcome, shots.to_str()),
        ReportKind::Markdown => report::markdown(outcome),
        ReportKind::Tap => report::tap(outcome),
    }
}

/// Names of the screenshots in evidence.
pub(in crate::cli) fn shots_of(outcome: &Outcome) -> HashSet<&str> {
    let now = outcome.scenarios.iter().map(|scenario| &scenario.evidence);
    let before = outcome.scenarios.iter().flat_map(|scenario| &scenario.earlier).map(|earlier| &earlier.evidence);
    let entries = now.chain(before).flatten().flat_map(|evidence| &evidence.timeline);
    let shots = entries.filter_map(|entry| match &entry.event {
        Event::Page(page) => page.shot.as_deref().filter(|name| is_plain(name)),
        _ => None,
    });
    shots.collect()
}

/// Removes the screenshots that no evidence names.
fn remove_unnamed_shots(outcome: &Outcome, shots: &Path) {
    let named = shots_of(outcome);
    for file in fs::read_dir(shots).into_iter().flatten().flatten() {
        if !file.file_name().to_str().is_some_and(|name| named.contains(name)) {
            // A picture too many is no reason to lose the run.
            let _ = fs::remove_file(file.path());
        }
    }
}

/// Whether a name is that of a file directly in the folder: a stored run may hold any text there.
pub(in crate::cli) fn is_plain(name: &str) -> bool {
    !name.is_empty() && Path::new(name).file_name().is_some_and(|file| file == name) && !name.starts_with('.')
}

/// Points `latest` at the newest run, where the file system has links; elsewhere the run's own folder does.
fn point_latest(output: &Path, folder: &Path) -> Option<PathBuf> {
    let latest = output.join("latest");
    if fs::symlink_metadata(&latest).is_ok_and(|meta| meta.is_symlink()) {
        fs::remove_file(&latest).ok()?;
    }
    std::os::unix::fs::symlink(folder.file_name()?, &latest).ok()?;
    Some(latest)
}
