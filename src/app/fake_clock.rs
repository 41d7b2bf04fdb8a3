//! Moves an app's clock along with Klaviyo's, by libfaketime.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::AppError;

/// Where Linux distributions and `make install` put libfaketime.
const FOLDERS: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu/faketime",
    "/usr/lib/aarch64-linux-gnu/faketime",
    "/usr/lib64/faketime",
    "/usr/lib/faketime",
    "/usr/local/lib/faketime",
];
/// File names, the build for multi-threaded programs first.
const NAMES: &[&str] = &["libfaketimeMT.so.1", "libfaketime.so.1"];
/// Overrides the path of the library.
const VARIABLE: &str = "FLOWCHECK_LIBFAKETIME";

/// The clock of one world's app: a file that libfaketime reads whenever the app reads the time.
#[derive(Debug)]
pub(super) struct FakeClock {
    library: PathBuf,
    file: PathBuf,
}

impl FakeClock {
    /// A clock that shows the real time; `file` is where libfaketime reads it.
    pub(super) fn new(file: PathBuf) -> Result<Self, AppError> {
        let clock = Self { library: libfaketime()?, file };
        clock.set_ahead(Duration::ZERO).map_err(AppError::Prepare)?;
        Ok(clock)
    }

    /// Sets the clock ahead of this machine's by this much.
    pub(super) fn set_ahead(&self, by: Duration) -> io::Result<()> {
        // Replaced atomically: the app may read at any moment.
        let next = self.file.with_extension("next");
        fs::write(&next, format!("+{}\n", by.as_secs()))?;
        fs::rename(&next, &self.file)
    }

    /// The app's environment variables. Timers keep counting real time; otherwise all of them would fire at once.
    pub(super) fn environment(&self) -> Vec<(String, String)> {
        let earlier = env::var("LD_PRELOAD").unwrap_or_default();
        let preload = format!("{} {earlier}", self.library.display()).trim().to_owned();
        [
            ("LD_PRELOAD", preload),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("FAKETIME_DONT_RESET", "1".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

/// The path of libfaketime.
pub fn libfaketime() -> Result<PathBuf, AppError> {
    if let Some(named) = env::var_os(VARIABLE) {
        let named = PathBuf::from(named);
        return if named.is_file() {
            Ok(named)
        } else {
            Err(AppError::NoFakeClock(format!(" at {}", named.display())))
        };
    }
    FOLDERS
        .iter()
        .flat_map(|folder| NAMES.iter().map(move |name| Path::new(folder).join(name)))
        .find(|path| path.is_file())
        .ok_or_else(|| AppError::NoFakeClock(String::new()))
}
