//! A folder for a run's temporary files.

use crate::cli::command_error::CommandError;
use crate::watchdog::TempFolder;

/// A new temporary folder. It is removed when it is dropped, and by the watchdog where flowcheck is killed.
pub(in crate::cli) fn temporary_folder() -> Result<TempFolder, CommandError> {
    TempFolder::new("flowcheck-")
        .map_err(|error| CommandError::environment(format!("could not make a temporary folder: {error}")))
}
