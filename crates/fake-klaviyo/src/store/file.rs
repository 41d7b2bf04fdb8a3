//! The file itself: made, checked and locked.

use std::fs::{self, File, Permissions};
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Error, ErrorCode, OpenFlags, params};

use crate::model::account::Account;
use crate::model::client::Client;

use crate::store::snapshot::Snapshot;
use crate::store::writer;

/// How a file says that it is ours, in the database's header: "flow".
const APPLICATION_ID: u32 = 0x666c_6f77;
/// The layout of its tables.
const VERSION: u32 = 1;
/// What every such file begins with, how much of it is looked at, and where in it stand version and owner.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const HEADER: usize = 72;
const VERSION_AT: usize = 60;
const OWNER_AT: usize = 68;

/// A file that keeps state across restarts, open and locked. It holds the tokens themselves: only its owner may read it.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    connection: Connection,
}

/// Why a state file cannot be used. Nothing was changed in it.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    /// The folder is missing, or the file cannot be read.
    #[error("{} cannot be opened; it must be a file, in a folder that is there and that you may write in", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something else, which may be dear to somebody.
    #[error("{} is no state file of flowcheck's, and stays as it is; name another, or one that is not there yet", .0.display())]
    Foreign(PathBuf),
    /// A layout that this program does not know.
    #[error("{} was written by another version of flowcheck (layout {version}, and this one knows {VERSION}), and stays as it is; use that version, or another file", path.display())]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Its layout.
        version: u32,
    },
    /// Another program has it open.
    #[error("{} is in use, by another flowcheck it seems; end that one, or name another file", .0.display())]
    InUse(PathBuf),
    /// It cannot be written.
    #[error("{} cannot be written; make it and its folder writable, or name another file", .0.display())]
    ReadOnly(PathBuf),
    /// It is ours, and broken.
    #[error("{} is damaged, and stays as it is; put a copy of it in its place, or name another file", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        source: Error,
    },
}

impl StateFile {
    /// Opens the file, or makes it where there is none, or an empty one.
    pub fn open(path: &Path) -> Result<Self, StateFileError> {
        let unreadable = |source| StateFileError::Unreadable { path: path.to_owned(), source };
        match header(path) {
            Ok(header) if header.is_empty() => make(path, true)?,
            Ok(header) => check(path, &header)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => make(path, false)?,
            Err(error) => return Err(unreadable(error)),
        }
        let connection = lock(path).map_err(|error| refusal(path, error))?;
        // Refused where it is another's; what it holds is then theirs to guard.
        let _ = fs::set_permissions(path, Permissions::from_mode(0o600));
        Ok(Self { path: path.to_owned(), connection })
    }

    /// Reads what is kept, and begins to keep what changes.
    pub(crate) fn load(
        mut self,
        accounts: &[Account],
        clients: &mut [Client],
        wall_ms: i64,
    ) -> Result<Snapshot, StateFileError> {
        let kept = Snapshot::read(&mut self.connection, accounts, clients, wall_ms);
        let kept = kept.map_err(|error| refusal(&self.path, error))?;
        let change_log = writer::start(self.connection)
            .map_err(|source| StateFileError::Unreadable { path: self.path.clone(), source })?;
        Ok(Snapshot { change_log, ..kept })
    }
}

/// The beginning of a file, as far as there is one.
fn header(path: &Path) -> io::Result<Vec<u8>> {
    let mut header = Vec::with_capacity(HEADER);
    File::open(path)?.take(HEADER as u64).read_to_end(&mut header)?;
    Ok(header)
}

/// Looks at the header only, so that a file of somebody else's is not even locked.
fn check(path: &Path, header: &[u8]) -> Result<(), StateFileError> {
    let number = |at: usize| {
        let bytes = header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u32::from_be_bytes)
    };
    if !header.starts_with(MAGIC) || number(OWNER_AT) != Some(APPLICATION_ID) {
        return Err(StateFileError::Foreign(path.to_owned()));
    }
    match number(VERSION_AT) {
        Some(VERSION) => Ok(()),
        version => Err(StateFileError::OtherVersion { path: path.to_owned(), version: version.unwrap_or(0) }),
    }
}

/// Makes a whole new file beside, and puts it in its place in one step: a kill leaves all of it or nothing.
fn make(path: &Path, replace: bool) -> Result<(), StateFileError> {
    let unreadable = |source| StateFileError::Unreadable { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Readable by its owner only, from its first byte on.
    let new = tempfile::Builder::new().prefix(".flowcheck-state-").tempfile_in(folder).map_err(unreadable)?;
    fill(new.path()).map_err(|error| refusal(path, error))?;
    new.as_file().sync_all().map_err(unreadable)?;
    if replace {
        return new.persist(path).map(drop).map_err(|error| unreadable(error.error));
    }
    match new.persist_noclobber(path) {
        Ok(_) => Ok(()),
        // Somebody else was quicker, and will be found to have it locked.
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(unreadable(error.error)),
    }
}

fn fill(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.execute_batch(include_str!("schema.sql"))?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", VERSION)?;
    let key = rand::random::<[u8; 32]>();
    connection.execute("INSERT INTO signing (signing_key) VALUES (?1)", params![key])?;
    connection.close().map_err(|(_, error)| error)
}

/// Opens it for this program alone, and looks whether it is whole.
fn lock(path: &Path) -> rusqlite::Result<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY), None));
    }
    connection.busy_timeout(std::time::Duration::ZERO)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    // A commit is on the disk before it returns.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Err(Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT), Some(found)));
    }
    // Takes the lock for writing, and keeps it.
    connection.execute_batch("BEGIN IMMEDIATE; UPDATE clock SET offset_ms = offset_ms; COMMIT")?;
    Ok(connection)
}

fn refusal(path: &Path, error: Error) -> StateFileError {
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
