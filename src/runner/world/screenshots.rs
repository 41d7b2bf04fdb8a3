//! Pictures of the pages in front of the people of a scenario.

use std::path::{Path, PathBuf};

/// Where a scenario's pictures go, and how many there are.
#[derive(Debug)]
pub(in crate::runner) struct Screenshots {
    folder: PathBuf,
    prefix: String,
    taken: usize,
}

impl Screenshots {
    /// Those of a scenario, named for it; none are taken yet.
    pub(in crate::runner) fn of(folder: &Path, scenario: &str) -> Self {
        Self { folder: folder.to_owned(), prefix: scenario.replace('/', "-"), taken: 0 }
    }

    /// Keeps a picture and returns its file name; a full disk costs pictures, not verdicts.
    pub(in crate::runner) fn keep(&mut self, picture: &[u8]) -> Option<String> {
        self.taken += 1;
        let ending = if picture.starts_with(b"\x89PNG") { "png" } else { "jpg" };
        let name = format!("{}-{:02}.{ending}", self.prefix, self.taken);
        match std::fs::write(self.folder.join(&name), picture) {
            Ok(()) => Some(name),
            Err(error) => {
                tracing::warn!(%error, "a screenshot could not be kept");
                None
            }
        }
    }
}
