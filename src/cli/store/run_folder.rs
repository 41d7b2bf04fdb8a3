//! The folder of one run: made before the run begins, added to as scenarios end, complete when the run does.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::file::{WriteError, create_folder, folder_of, read_regular};
use super::run_store::{SHOTS, UNFINISHED};
use crate::checklist::{Outcome, RunInfo, ScenarioEnd, ScenarioOutcome};

/// The folder of one run. Dropped before anything was written to it, it is removed.
#[derive(Debug)]
pub(in crate::cli) struct RunFolder {
    /// The folder that runs' folders are in.
    pub(super) output: PathBuf,
    pub(super) folder: PathBuf,
}

/// What a run that has not ended is about: the first line of its record.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::cli) struct Begun {
    version: u32,
    pub(in crate::cli) run: RunInfo,
    /// Scenarios and tags as they were asked for.
    pub(in crate::cli) asked: Vec<String>,
    pub(in crate::cli) tags: Vec<String>,
    /// Ids of the scenarios that this came to.
    pub(in crate::cli) selected: Vec<String>,
}

/// A run that did not end.
#[derive(Debug)]
pub(in crate::cli) struct UnfinishedRun {
    pub(in crate::cli) folder: RunFolder,
    pub(in crate::cli) begun: Begun,
    /// The scenarios that it completed.
    pub(in crate::cli) completed: Vec<ScenarioOutcome>,
}

/// A run that cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum ResumeError {
    #[error("there is no unfinished run at {}", path.display())]
    NotThere { path: PathBuf, source: io::Error },
    #[error("{} is not the record of a run", file.display())]
    Unreadable { file: PathBuf, source: serde_json::Error },
    #[error("{} was written by another version of flowcheck", file.display())]
    OtherVersion { file: PathBuf },
}

impl Begun {
    pub(in crate::cli) fn new(run: RunInfo, asked: Vec<String>, tags: Vec<String>, selected: Vec<String>) -> Self {
        Self { version: Outcome::VERSION, run, asked, tags, selected }
    }
}

impl RunFolder {
    /// A new folder for a run that begins now (R 3339).
    pub(in crate::cli) fn create(output: &Path, began: &str) -> Result<Self, WriteError> {
        let stamp: String = began.chars().take(19).map(|one| if one == ':' { '-' } else { one }).collect();
        create_folder(output)?;
        let made = Self { output: output.to_owned(), folder: fresh(output, &stamp)? };
        create_folder(&made.shots())?;
        Ok(made)
    }

    /// Where its screenshots go.
    pub(in crate::cli) fn shots(&self) -> PathBuf {
        self.folder.join(SHOTS)
    }

    pub(in crate::cli) fn path(&self) -> &Path {
        &self.folder
    }

    /// Keeps each scenario as it ends, below what the run is about where that is not there yet, so that a run that is killed can be gone on with.
    /// Ends with the last sender; returns why not all of them could be kept.
    pub(in crate::cli) fn keep(
        &self,
        mut begun: Option<Begun>,
        mut ended: mpsc::UnboundedReceiver<ScenarioOutcome>,
    ) -> JoinHandle<Result<(), WriteError>> {
        let path = self.folder.join(UNFINISHED);
        tokio::spawn(async move {
            let failed = WriteError::of(&path);
            while let Some(scenario) = ended.recv().await {
                let mut file = OpenOptions::new().create(true).append(true).open(&path).map_err(&failed)?;
                if let Some(begun) = begun.take() {
                    add(&mut file, &begun).map_err(&failed)?;
                }
                add(&mut file, &scenario).map_err(&failed)?;
            }
            Ok(())
        })
    }

    /// Whether it can be gone on with: not all of it is in its document.
    pub(in crate::cli) fn is_unfinished(&self) -> bool {
        self.folder.join(UNFINISHED).is_file()
    }

    /// The run has ended, and all of it is in its document.
    pub(super) fn is_complete(&self) {
        // A record that stays is no harm: it says the same.
        let _ = fs::remove_file(self.folder.join(UNFINISHED));
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        // Neither removes a folder that has something in it.
        let _ = fs::remove_dir(self.shots());
        let _ = fs::remove_dir(&self.folder);
    }
}

impl UnfinishedRun {
    /// The unfinished run in a folder, or the newest in one of the folders in it.
    pub(in crate::cli) fn read(path: &Path) -> Result<Self, ResumeError> {
        let missing = |source| ResumeError::NotThere { path: path.to_owned(), source };
        let file = newest(path).map_err(missing)?;
        let bytes = read_regular(&file).map_err(missing)?;
        // What a killed process wrote last may be half a line.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let mut lines = bytes[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let unreadable = |source| ResumeError::Unreadable { file: file.clone(), source };
        let begun: Begun = serde_json::from_slice(lines.next().unwrap_or_default()).map_err(&unreadable)?;
        if begun.version != Outcome::VERSION {
            return Err(ResumeError::OtherVersion { file });
        }
        let mut completed: Vec<ScenarioOutcome> = Vec::new();
        for line in lines {
            let scenario: ScenarioOutcome = serde_json::from_slice(line).map_err(&unreadable)?;
            if scenario.end == ScenarioEnd::Completed {
                completed.push(scenario);
            }
        }
        OpenOptions::new().write(true).open(&file).and_then(|file| file.set_len(whole as u64)).map_err(missing)?;
        let folder = folder_of(&file).to_owned();
        let output = folder_of(&folder).to_owned();
        let folder = RunFolder { output, folder };
        fs::create_dir_all(folder.shots()).map_err(missing)?;
        Ok(Self { folder, begun, completed })
    }
}

fn add(file: &mut File, line: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    file.write_all(&text)?;
    file.sync_data()
}

/// The record in a folder, or the newest in the folders in it.
fn newest(path: &Path) -> io::Result<PathBuf> {
    let here = path.join(UNFINISHED);
    if here.is_file() {
        return here.canonicalize();
    }
    let runs = fs::read_dir(path)?.filter_map(Result::ok).filter(|run| run.file_type().is_ok_and(|kind| kind.is_dir()));
    // Their names are times.
    let newest = runs.map(|run| run.path().join(UNFINISHED)).filter(|record| record.is_file()).max();
    newest.ok_or(io::Error::from(io::ErrorKind::NotFound))?.canonicalize()
}

/// Two runs may begin in the same second; neither may overwrite the other.
fn fresh(output: &Path, stamp: &str) -> Result<PathBuf, WriteError> {
    for attempt in 1..=1000 {
        let name = if attempt == 1 { stamp.to_owned() } else { format!("{stamp}-{attempt}") };
        let folder = output.join(name);
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(WriteError::of(&folder)(error)),
        }
    }
    Err(WriteError::of(&output.join(stamp))(io::ErrorKind::AlreadyExists.into()))
}
