//! A temporary folder that goes whatever happens.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::TempDir;

use super::cleanup_guard::{CleanupGuard, register};
use super::resource::Resource;

/// A folder for temporary files that only this user can look into. Removed when dropped, or by the watchdog.
#[derive(Debug)]
pub struct TempFolder {
    // Fields are dropped in this order: what is gone is taken off the list.
    folder: TempDir,
    _held: CleanupGuard,
}

impl TempFolder {
    /// Makes one, whose name begins with `prefix`.
    pub fn new(prefix: &str) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix(prefix).permissions(Permissions::from_mode(0o700)).tempdir()?;
        let held = register(Resource::Folder(std::path::absolute(folder.path())?));
        Ok(Self { folder, _held: held })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Removes it, and says where that failed.
    pub fn close(self) -> io::Result<()> {
        self.folder.close()
    }
}
