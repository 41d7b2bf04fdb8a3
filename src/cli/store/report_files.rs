//! A run's reports on disk. No other file of flowcheck writes files that stay, but for `init`'s and the fake Klaviyo's state.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::run_store::{RUN, SHOTS, add_to_history};
use crate::checklist::Outcome;
use crate::cli::arguments::{ReportKind, ReportTarget};
use crate::evidence::Event;
use crate::report;

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("could not write {}", file.display())]
pub(in crate::cli) struct WriteError {
    file: PathBuf,
    source: io::Error,
}

/// Writes a run's own folder below `output` (the page, the document, the screenshots, and a link `latest` to it), and the
/// reports asked for; returns the page's path. `shots` is the folder that the run's screenshots are in now; `partial` are scenarios of
/// which only some items were judged.
pub(in crate::cli) fn write_run(
    outcome: &Outcome,
    output: &Path,
    wanted: &[ReportTarget],
    shots: &Path,
    partial: &[String],
) -> Result<PathBuf, WriteError> {
    let stamp: String = outcome.run.began.chars().take(19).map(|one| if one == ':' { '-' } else { one }).collect();
    let folder = fresh_folder(output, &stamp)?;
    let page = folder.join("index.html");
    let html = html(outcome, shots);
    write_bytes(&page, &html)?;
    write_bytes(&folder.join(RUN), report::json(outcome))?;
    copy_shots(outcome, shots, &folder.join(SHOTS))?;
    add_to_history(output, outcome, partial).map_err(|source| WriteError { file: output.to_owned(), source })?;
    let latest = point_latest(output, &folder);
    for report in wanted {
        let stored = folder.join(SHOTS);
        let text = if report.kind == ReportKind::Html { html.clone() } else { text_of(report.kind, outcome, &stored) };
        write_with_folder(&report.file, &text)?;
    }
    Ok(latest.map_or(page, |latest| latest.join("index.html")))
}

/// Writes reports of a stored run.
pub(in crate::cli) fn write_reports(
    outcome: &Outcome,
    wanted: &[ReportTarget],
    shots: &Path,
) -> Result<(), WriteError> {
    wanted.iter().try_for_each(|report| write_with_folder(&report.file, &text_of(report.kind, outcome, shots)))
}

/// Adds a text to the end of a file.
pub(in crate::cli) fn append(file: &Path, text: &str) -> Result<(), WriteError> {
    let add = || fs::OpenOptions::new().create(true).append(true).open(file)?.write_all(text.as_bytes());
    add().map_err(|source| WriteError { file: file.to_owned(), source })
}

/// The page of a run whose screenshots are in `shots`.
pub(in crate::cli) fn html(outcome: &Outcome, shots: &Path) -> String {
    report::html(outcome, &|name| fs::read(shots.join(name)).ok())
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

/// Copies the screenshots that the evidence names, and nothing else.
fn copy_shots(outcome: &Outcome, from: &Path, to: &Path) -> Result<(), WriteError> {
    create_folder(to)?;
    let now = outcome.scenarios.iter().map(|scenario| &scenario.evidence);
    let before = outcome.scenarios.iter().flat_map(|scenario| &scenario.earlier).map(|earlier| &earlier.evidence);
    for entry in now.chain(before).flatten().flat_map(|evidence| &evidence.timeline) {
        let Event::Page(page) = &entry.event else { continue };
        let Some(name) = page.shot.as_deref().filter(|name| is_plain(name)) else { continue };
        // A missing screenshot is no reason to lose the run.
        if let Err(source) = fs::copy(from.join(name), to.join(name))
            && source.kind() != io::ErrorKind::NotFound
        {
            return Err(WriteError { file: to.join(name), source });
        }
    }
    Ok(())
}

/// Whether a name is that of a file directly in the folder: a stored run may hold any text there.
pub(in crate::cli) fn is_plain(name: &str) -> bool {
    !name.is_empty() && Path::new(name).file_name().is_some_and(|file| file == name) && !name.starts_with('.')
}

/// Two runs may begin in the same second; neither may overwrite the other.
fn fresh_folder(output: &Path, stamp: &str) -> Result<PathBuf, WriteError> {
    create_folder(output)?;
    for attempt in 1..=1000 {
        let name = if attempt == 1 { stamp.to_owned() } else { format!("{stamp}-{attempt}") };
        let folder = output.join(name);
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(WriteError { file: folder, source }),
        }
    }
    Err(WriteError { file: output.join(stamp), source: io::ErrorKind::AlreadyExists.into() })
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

pub(in crate::cli) fn create_folder(folder: &Path) -> Result<(), WriteError> {
    fs::create_dir_all(folder).map_err(|source| WriteError { file: folder.to_owned(), source })
}

fn write_with_folder(file: &Path, text: &str) -> Result<(), WriteError> {
    if let Some(parent) = file.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        create_folder(parent)?;
    }
    write_bytes(file, text)
}

pub(in crate::cli) fn write_bytes(file: &Path, bytes: impl AsRef<[u8]>) -> Result<(), WriteError> {
    fs::write(file, bytes).map_err(|source| WriteError { file: file.to_owned(), source })
}
