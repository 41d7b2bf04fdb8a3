//! Runs that were kept, found on disk: a run's folder, its `run.json`, and what is remembered of earlier runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::checklist::Outcome;
use crate::results::{History, StoredError, read_run};

/// Name of a run's document in its folder.
pub(in crate::cli) const RUN: &str = "run.json";
/// Name of the folder beside it that holds the screenshots.
pub(in crate::cli) const SHOTS: &str = "shots";
/// Name of the file beside the runs' folders that remembers how each scenario ended last.
const HISTORY: &str = "history.json";

/// A run that was kept.
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
    #[error("{} could not be read as a run", file.display())]
    Unreadable { file: PathBuf, source: StoredError },
}

impl StoredRun {
    /// The run in a folder, or of a `run.json`.
    pub(in crate::cli) fn read(path: &Path) -> Result<Self, StoredRunError> {
        let file = if path.is_dir() { path.join(RUN) } else { path.to_owned() };
        let text =
            fs::read_to_string(&file).map_err(|source| StoredRunError::NotThere { path: path.to_owned(), source })?;
        let outcome = read_run(&text).map_err(|source| StoredRunError::Unreadable { file: file.clone(), source })?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(Self { folder: folder.to_owned(), outcome })
    }

    /// Where its screenshots are.
    pub(in crate::cli) fn shots(&self) -> PathBuf {
        self.folder.join(SHOTS)
    }
}

/// What is remembered of the runs below `output`; nothing, where there is nothing or it cannot be read.
pub(in crate::cli) fn history(output: &Path) -> History {
    let file = output.join(HISTORY);
    let Ok(text) = fs::read_to_string(&file) else { return History::default() };
    serde_json::from_str(&text).unwrap_or_else(|error| {
        tracing::warn!(%error, file = %file.display(), "what was remembered of earlier runs cannot be read");
        History::default()
    })
}

/// Remembers a run among those below `output`.
pub(in crate::cli) fn remember(output: &Path, outcome: &Outcome) -> io::Result<()> {
    let mut history = history(output);
    history.take_in(outcome);
    let text = serde_json::to_string_pretty(&history).map_err(io::Error::other)?;
    // Another run may read it meanwhile: it finds the old file or the new one.
    let file = tempfile::NamedTempFile::new_in(output)?;
    fs::write(file.path(), text + "\n")?;
    file.persist(output.join(HISTORY)).map(drop).map_err(|error| error.error)
}
