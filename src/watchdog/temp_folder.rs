//! A temporary folder that is removed however flowcheck ends.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::TempDir;

use super::cleanup_guard::{CleanupGuard, register};
use super::resource::Resource;

/// A temporary folder that only this user can read. Removed when dropped, or by the watchdog.
#[derive(Debug)]
pub struct TempFolder {
    // Fields are dropped in this order: the folder is gone before it leaves the list.
    folder: TempDir,
    _held: CleanupGuard,
}

impl TempFolder {
    /// Creates one whose name begins with `prefix`.
    pub fn new(prefix: &str) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix(prefix).permissions(Permissions::from_mode(0o700)).tempdir()?;
        let held = register(Resource::Folder(std::path::absolute(folder.path())?));
        Ok(Self { folder, _held: held })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Removes it, and returns the error where that fails.
    pub fn close(self) -> io::Result<()> {
        self.folder.close()
    }
}
