//! Reports on disk. The only place that writes files that stay.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::arguments::{ReportKind, WantedReport};
use crate::checklist::Outcome;
use crate::report;

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("could not write {}", file.display())]
pub(super) struct WriteError {
    file: PathBuf,
    source: io::Error,
}

/// Writes a run's own folder below `output` (the page and the document, and a link `latest` to it), and the reports asked
/// for; returns the page's path. `shots` is the folder that the run's screenshots are in.
pub(super) fn write(
    outcome: &Outcome,
    output: &Path,
    wanted: &[WantedReport],
    shots: &Path,
) -> Result<PathBuf, WriteError> {
    let html = report::html(outcome, &|name| fs::read(shots.join(name)).ok());
    let json = report::json(outcome);
    let stamp: String = outcome.run.began.chars().take(19).map(|one| if one == ':' { '-' } else { one }).collect();
    let folder = fresh_folder(output, &stamp)?;
    let page = folder.join("index.html");
    put(&page, &html)?;
    put(&folder.join("run.json"), &json)?;
    let latest = point_latest(output, &folder);
    for report in wanted {
        let text = match report.kind {
            ReportKind::Html => html.clone(),
            ReportKind::Json => json.clone(),
            ReportKind::Junit => report::junit(outcome),
        };
        if let Some(parent) = report.file.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            make(parent)?;
        }
        put(&report.file, &text)?;
    }
    Ok(latest.map_or(page, |latest| latest.join("index.html")))
}

/// Two runs may begin in the same second; neither may overwrite the other.
fn fresh_folder(output: &Path, stamp: &str) -> Result<PathBuf, WriteError> {
    make(output)?;
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

fn make(folder: &Path) -> Result<(), WriteError> {
    fs::create_dir_all(folder).map_err(|source| WriteError { file: folder.to_owned(), source })
}

fn put(file: &Path, text: &str) -> Result<(), WriteError> {
    fs::write(file, text).map_err(|source| WriteError { file: file.to_owned(), source })
}
