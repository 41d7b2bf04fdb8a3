//! Reading and writing one file: whole or not at all, and never one that is something else.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use nix::libc::{O_NOFOLLOW, O_NONBLOCK};

use crate::cli::terminal::{self, Form};

/// A file or folder that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("could not write {}", file.display())]
pub(in crate::cli) struct WriteError {
    file: PathBuf,
    source: io::Error,
}

impl WriteError {
    /// What kept this file or folder from being written.
    pub(super) fn of(file: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self { file: file.to_owned(), source }
    }
}

/// Writes a file as a whole: whoever reads it meets the old text or the new one, and a full disk leaves the old one. What stands there and is no
/// file, such as a pipe or `/dev/stdout`, is written to, without what a CI runner would take for a command.
pub(in crate::cli) fn write(file: &Path, bytes: impl AsRef<[u8]>) -> Result<(), WriteError> {
    let (failed, bytes) = (WriteError::of(file), bytes.as_ref());
    match fs::metadata(file) {
        Ok(known) if !known.is_file() => write_into(file, bytes).map_err(failed),
        Ok(_) => replace(&fs::canonicalize(file).map_err(&failed)?, bytes).map_err(failed),
        Err(_) => replace(file, bytes).map_err(failed),
    }
}

/// Finds out, before there is anything to write, whether a file can be written; makes the folder that it is to stand in.
pub(in crate::cli) fn check_writable(file: &Path) -> Result<(), WriteError> {
    let failed = WriteError::of(file);
    if fs::metadata(file).is_ok_and(|known| known.is_dir()) {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    let folder = folder_of(file);
    create_folder(folder)?;
    // A device or a pipe is written to as it is; its folder need not be writable.
    if fs::metadata(file).is_ok_and(|known| !known.is_file()) {
        return Ok(());
    }
    tempfile::Builder::new().prefix(".flowcheck-").tempfile_in(folder).map(drop).map_err(failed)
}

/// Adds a text to the end of a file.
pub(in crate::cli) fn append(file: &Path, text: &str) -> Result<(), WriteError> {
    let add = || OpenOptions::new().create(true).append(true).open(file)?.write_all(text.as_bytes());
    add().map_err(WriteError::of(file))
}

pub(in crate::cli) fn create_folder(folder: &Path) -> Result<(), WriteError> {
    fs::create_dir_all(folder).map_err(WriteError::of(folder))
}

/// The folder that a file stands in.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The contents of a regular file. Opening anything else (a pipe, a device) does not block, and is an error.
pub(super) fn read_regular(file: &Path) -> io::Result<Vec<u8>> {
    read_opened(file, O_NONBLOCK)
}

/// The contents of a regular file that is no symbolic link.
pub(super) fn read_unlinked(file: &Path) -> io::Result<Vec<u8>> {
    read_opened(file, O_NONBLOCK | O_NOFOLLOW)
}

fn read_opened(file: &Path, flags: i32) -> io::Result<Vec<u8>> {
    let mut opened = OpenOptions::new().read(true).custom_flags(flags).open(file)?;
    if !opened.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    let mut bytes = Vec::new();
    opened.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // As a new file of the user's would have them, by the process's mask; an old one keeps its own.
    let permissions = fs::metadata(file).map_or_else(|_| Permissions::from_mode(0o666), |known| known.permissions());
    let mut builder = tempfile::Builder::new();
    let mut new = builder.prefix(".flowcheck-").permissions(permissions).tempfile_in(folder_of(file))?;
    new.write_all(bytes)?;
    new.as_file().sync_all()?;
    new.persist(file).map(drop).map_err(|error| error.error)
}

fn write_into(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let text = String::from_utf8_lossy(bytes);
    let form = if text.starts_with('{') { Form::Json } else { Form::Text };
    OpenOptions::new().write(true).open(file)?.write_all(terminal::neutralized(&text, form).as_bytes())
}

#[cfg(test)]
mod tests {
    use nix::sys::stat::Mode;
    use nix::unistd::mkfifo;

    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_keeps_its_permissions() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("run.json"), folder.path().join("link"));
        write(&file, "old").expect("it is new");
        fs::set_permissions(&file, Permissions::from_mode(0o640)).expect("it is ours");
        std::os::unix::fs::symlink(&file, &link).expect("links");
        write(&link, "new").expect("it can be replaced");
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "new");
        assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
        assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 2);
    }

    #[test]
    fn what_cannot_be_written_is_known_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "").expect("room");
        assert!(check_writable(&folder.path().join("new/run.json")).is_ok() && folder.path().join("new").is_dir());
        assert!(check_writable(&file).is_ok() && check_writable(Path::new("/dev/stdout")).is_ok());
        for not in [folder.path().to_owned(), file.join("below/run.json")] {
            assert!(check_writable(&not).is_err(), "{}", not.display());
        }
    }

    #[test]
    fn only_regular_files_are_read_and_a_pipe_does_not_block() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "text").expect("room");
        std::os::unix::fs::symlink(at("file"), at("link")).expect("links");
        mkfifo(&at("pipe"), Mode::S_IRWXU).expect("pipes");
        assert_eq!(read_unlinked(&at("file")).expect("it is regular"), b"text");
        assert_eq!(read_regular(&at("link")).expect("what it leads to is regular"), b"text");
        assert!(read_unlinked(&at("link")).is_err());
        for other in [at("pipe"), folder.path().to_owned(), "/dev/zero".into(), at("none")] {
            assert!(read_regular(&other).is_err() && read_unlinked(&other).is_err(), "{}", other.display());
        }
    }
}
