//! Stored runs: a run's folder with its `run.json`, and the history of earlier runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::file::{folder_of, read_regular};
use crate::checklist::Outcome;
use crate::results::{History, StoredError, read_run};

/// Name of a run's document in its folder.
pub(in crate::cli) const RUN: &str = "run.json";
/// Name of the folder beside it that holds the screenshots.
pub(in crate::cli) const SHOTS: &str = "shots";
/// Name of the record of a run that has not ended: what it is about, and its scenarios so far, a line each.
pub(super) const UNFINISHED: &str = "unfinished.jsonl";
/// Name of the file beside the runs' folders that holds how each scenario ended last.
const HISTORY: &str = "history.json";

/// A run that was stored on disk.
#[derive(Debug)]
pub(in crate::cli) struct StoredRun {
    /// Its folder.
    pub(in crate::cli) folder: PathBuf,
    pub(in crate::cli) outcome: Outcome,
}

/// A run that could not be read.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum StoredRunError {
    #[error("there is no run at {}; name a run's folder, as in reports/latest, or its run.json", path.display())]
    NotThere { path: PathBuf, source: io::Error },
    #[error("the run at {0} did not end; `flowcheck run --resume {0}` goes on with it", path.display())]
    Unfinished { path: PathBuf },
    #[error("{} could not be read as a run", file.display())]
    Unreadable { file: PathBuf, source: StoredError },
}

impl StoredRun {
    /// The run in a folder, or of a `run.json`.
    pub(in crate::cli) fn read(path: &Path) -> Result<Self, StoredRunError> {
        let file = if path.is_dir() { path.join(RUN) } else { path.to_owned() };
        let bytes = read_regular(&file).map_err(|source| {
            let path = path.to_owned();
            if path.join(UNFINISHED).is_file() {
                StoredRunError::Unfinished { path }
            } else {
                StoredRunError::NotThere { path, source }
            }
        })?;
        let text = String::from_utf8_lossy(&bytes);
        let outcome = read_run(&text).map_err(|source| StoredRunError::Unreadable { file: file.clone(), source })?;
        Ok(Self { folder: folder_of(&file).to_owned(), outcome })
    }

    /// Where its screenshots are.
    pub(in crate::cli) fn shots(&self) -> PathBuf {
        self.folder.join(SHOTS)
    }
}

/// The history of the runs in `output`; empty, where there is none or it cannot be read.
pub(in crate::cli) fn history(output: &Path) -> History {
    let file = output.join(HISTORY);
    let Ok(text) = fs::read_to_string(&file) else { return History::default() };
    serde_json::from_str(&text).unwrap_or_else(|error| {
        tracing::warn!(%error, file = %file.display(), "the history of earlier runs cannot be read");
        History::default()
    })
}

/// Adds a run to the history in `output`, but for scenarios of which only some items were judged.
pub(in crate::cli) fn add_to_history(output: &Path, outcome: &Outcome, partial: &[String]) -> io::Result<()> {
    let mut history = history(output);
    history.add(outcome, partial);
    let text = serde_json::to_string_pretty(&history).map_err(io::Error::other)?;
    // The file is replaced as a whole, since another run may be reading it.
    let file = tempfile::NamedTempFile::new_in(output)?;
    fs::write(file.path(), text + "\n")?;
    file.persist(output.join(HISTORY)).map(drop).map_err(|error| error.error)
}
