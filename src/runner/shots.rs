//! Pictures of pages, as they are kept.

use std::path::PathBuf;

/// A scenario's pictures, numbered.
#[derive(Debug)]
pub(super) struct Shots {
    folder: PathBuf,
    prefix: String,
    taken: usize,
}

impl Shots {
    /// None yet, of the scenario with this id.
    pub(super) fn new(folder: PathBuf, scenario: &str) -> Self {
        Self { folder, prefix: scenario.replace('/', "-"), taken: 0 }
    }

    /// Keeps a picture and returns its file name; a full disk costs pictures, not verdicts.
    pub(super) fn keep(&mut self, picture: &[u8]) -> Option<String> {
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
