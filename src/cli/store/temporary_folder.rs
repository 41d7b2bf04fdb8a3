//! A folder for a run's temporary files.

use std::path::Path;

use nix::sys::statvfs::statvfs;

use crate::cli::command_error::CommandError;
use crate::watchdog::TempFolder;

/// Bytes that a browser's profile and an app's data need at least.
const NEEDED: u128 = 64 << 20;

/// A new temporary folder. It is removed when it is dropped, and by the watchdog where flowcheck is killed.
pub(in crate::cli) fn temporary_folder() -> Result<TempFolder, CommandError> {
    let folder = TempFolder::new("flowcheck-")
        .map_err(|error| CommandError::environment(format!("could not make a temporary folder: {error}")))?;
    match free(folder.path()) {
        Some(free) if free < NEEDED => {
            let (parent, free) = (folder.path().parent().unwrap_or(Path::new("/tmp")).display(), free >> 20);
            Err(CommandError::environment(format!("{parent} has {free} MB left, and a run needs {} MB", NEEDED >> 20))
                .remedy("make room there, or name another folder in TMPDIR"))
        }
        _ => Ok(folder),
    }
}

/// Bytes that are free where a folder is; none where that is not known.
fn free(folder: &Path) -> Option<u128> {
    let system = statvfs(folder).ok()?;
    Some(u128::from(system.blocks_available()) * u128::from(system.fragment_size()))
}
