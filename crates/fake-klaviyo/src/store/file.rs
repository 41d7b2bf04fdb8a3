//! The state file: created, checked and locked.

use std::fs::{self, File, Permissions};
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Error, ErrorCode, OpenFlags, params};

use crate::model::account::Account;
use crate::model::client::Client;

use crate::store::snapshot::Snapshot;
use crate::store::writer;

/// The application id in the database's header, which marks the file as flowcheck's: "flow".
const APPLICATION_ID: u32 = 0x666c_6f77;
/// The version of the table layout.
const VERSION: u32 = 2;
/// The version before users had installs of their own; a file of it is brought up to date.
const WITHOUT_USERS: u32 = 1;
/// How a database begins, how much of its header is read, and the offsets of version and application id in it.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const HEADER: usize = 72;
const VERSION_AT: usize = 60;
const OWNER_AT: usize = 68;

/// A file that keeps state across restarts, open and locked; see [`Builder::state_file`](crate::Builder::state_file).
/// It holds the tokens themselves, so only its owner may read it.
#[derive(Debug)]
#[must_use = "a state file is not written until it is given to `Builder::state_file`"]
pub struct StateFile {
    path: PathBuf,
    connection: Connection,
}

/// Why a state file cannot be used. The file is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    /// The folder is missing, or the file cannot be read.
    #[error("{} cannot be opened; it must be a file, in a folder that is there and that you may write in", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The file is not a state file.
    #[error("{} is no state file of flowcheck's, and stays as it is; name another, or one that is not there yet", .0.display())]
    Foreign(PathBuf),
    /// The file has a table layout that this version does not know.
    #[error("{} was written by another version of flowcheck (layout {version}, and this one knows {VERSION}), and stays as it is; use that version, or another file", path.display())]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// The version of its layout.
        version: u32,
    },
    /// Another program has the file open.
    #[error("{} is in use, by another flowcheck it seems; end that one, or name another file", .0.display())]
    InUse(PathBuf),
    /// The file cannot be written.
    #[error("{} cannot be written; make it and its folder writable, or name another file", .0.display())]
    ReadOnly(PathBuf),
    /// The file is a state file, but damaged.
    #[error("{} is damaged, and stays as it is; put a copy of it in its place, or name another file", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The database's error.
        source: Error,
    },
}

impl StateFile {
    /// Opens the file, or creates it where there is none or an empty one.
    ///
    /// ```
    /// use fake_klaviyo::StateFile;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let folder = tempfile::tempdir()?;
    /// let file = StateFile::open(&folder.path().join("klaviyo.state"))?;
    /// # drop(file);
    /// # Ok(())
    /// # }
    /// ```
    pub fn open(path: &Path) -> Result<Self, StateFileError> {
        let unreadable = |source| StateFileError::Unreadable { path: path.to_owned(), source };
        match header(path) {
            Ok(header) if header.is_empty() => create(path, true)?,
            Ok(header) => check(path, &header)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(path, false)?,
            Err(error) => return Err(unreadable(error)),
        }
        let connection = lock(path).map_err(|error| state_file_error(path, error))?;
        // Fails where another user owns the file, who is then responsible for its permissions.
        let _ = fs::set_permissions(path, Permissions::from_mode(0o600));
        Ok(Self { path: path.to_owned(), connection })
    }

    /// Reads the file's content, and starts to write changes to it.
    pub(crate) fn load(
        mut self,
        accounts: &[Account],
        clients: &mut [Client],
        system_time_ms: i64,
    ) -> Result<Snapshot, StateFileError> {
        let kept = Snapshot::read(&mut self.connection, accounts, clients, system_time_ms);
        let kept = kept.map_err(|error| state_file_error(&self.path, error))?;
        let change_log = writer::start(self.connection)
            .map_err(|source| StateFileError::Unreadable { path: self.path.clone(), source })?;
        Ok(Snapshot { change_log, ..kept })
    }
}

/// The first bytes of a file, as many as there are.
fn header(path: &Path) -> io::Result<Vec<u8>> {
    let mut header = Vec::with_capacity(HEADER);
    File::open(path)?.take(HEADER as u64).read_to_end(&mut header)?;
    Ok(header)
}

/// Checks the header only, so that a file of another program is not even locked.
fn check(path: &Path, header: &[u8]) -> Result<(), StateFileError> {
    let number = |at: usize| {
        let bytes = header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u32::from_be_bytes)
    };
    if !header.starts_with(MAGIC) || number(OWNER_AT) != Some(APPLICATION_ID) {
        return Err(StateFileError::Foreign(path.to_owned()));
    }
    match number(VERSION_AT) {
        Some(VERSION | WITHOUT_USERS) => Ok(()),
        version => Err(StateFileError::OtherVersion { path: path.to_owned(), version: version.unwrap_or(0) }),
    }
}

/// Creates a complete new file next to `path` and renames it, so that a kill leaves a whole file or none.
fn create(path: &Path, replace: bool) -> Result<(), StateFileError> {
    let unreadable = |source| StateFileError::Unreadable { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Readable by its owner only, from the start.
    let new = tempfile::Builder::new().prefix(".flowcheck-state-").tempfile_in(folder).map_err(unreadable)?;
    initialize(new.path()).map_err(|error| state_file_error(path, error))?;
    new.as_file().sync_all().map_err(unreadable)?;
    if replace {
        return new.persist(path).map(drop).map_err(|error| unreadable(error.error));
    }
    match new.persist_noclobber(path) {
        Ok(_) => Ok(()),
        // Another process was quicker; its lock will be found.
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(unreadable(error.error)),
    }
}

fn initialize(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.execute_batch(include_str!("schema.sql"))?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", VERSION)?;
    let key = rand::random::<[u8; 32]>();
    connection.execute("INSERT INTO signing (signing_key) VALUES (?1)", params![key])?;
    connection.close().map_err(|(_, error)| error)
}

/// Opens the file with an exclusive lock, and checks its integrity.
fn lock(path: &Path) -> rusqlite::Result<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY), None));
    }
    connection.busy_timeout(std::time::Duration::ZERO)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    // A commit is on disk before it returns.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Err(Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT), Some(found)));
    }
    // Takes the write lock, and keeps it.
    connection.execute_batch("BEGIN IMMEDIATE; UPDATE clock SET offset_ms = offset_ms; COMMIT")?;
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version == WITHOUT_USERS {
        connection.execute_batch(&format!(
            "BEGIN IMMEDIATE;
             ALTER TABLE install ADD COLUMN user TEXT NOT NULL DEFAULT '';
             ALTER TABLE install ADD COLUMN per_user INTEGER NOT NULL DEFAULT 0;
             ALTER TABLE code ADD COLUMN user TEXT NOT NULL DEFAULT '';
             PRAGMA user_version = {VERSION};
             COMMIT"
        ))?;
    }
    Ok(connection)
}

fn state_file_error(path: &Path, error: Error) -> StateFileError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StateFileError::InUse(path),
        Some(
            ErrorCode::ReadOnly
            | ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied
            | ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure,
        ) => StateFileError::ReadOnly(path),
        _ => StateFileError::Damaged { path, source: error },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_from_before_users_had_installs_is_brought_up_to_date() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("klaviyo.state");
        drop(StateFile::open(&path).expect("a new file"));
        let old = Connection::open(&path).expect("the file");
        old.execute_batch(
            "ALTER TABLE install DROP COLUMN user; ALTER TABLE install DROP COLUMN per_user; ALTER TABLE code DROP COLUMN user;
             INSERT INTO install VALUES ('in_1', 'HaRb01', 'app', 'accounts:read', 0, NULL); PRAGMA user_version = 1",
        )
        .expect("the old layout");
        drop(old);
        let opened =
            StateFile::open(&path).expect("it is known").load(&[], &mut [], 0).expect("it is brought up to date");
        assert_eq!(opened.installs.len(), 1);
        assert_eq!(opened.installs[0].held_by().user, None);
        drop(opened);
    }
}
