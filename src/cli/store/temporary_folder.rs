//! A folder for a run's temporary files.

use crate::cli::command_error::CommandError;
use crate::guard::Folder;

/// A new temporary folder. It is removed when it is dropped, and by the guard where flowcheck is killed.
pub(in crate::cli) fn temporary_folder() -> Result<Folder, CommandError> {
    Folder::new("flowcheck-")
        .map_err(|error| CommandError::environment(format!("could not make a temporary folder: {error}")))
}
