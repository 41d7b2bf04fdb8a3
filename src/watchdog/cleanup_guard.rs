//! flowcheck's side: what it tells its watchdog.

use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::resource::{Line, Resource};

/// The pipe to the watchdog. It is closed by the system when this process ends, and that is what the watchdog waits for.
static PIPE: OnceLock<Mutex<ChildStdin>> = OnceLock::new();
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Starts the watchdog, where there is none yet; `program` is flowcheck's own.
pub fn spawn(program: &Path) -> io::Result<()> {
    if PIPE.get().is_some() {
        return Ok(());
    }
    let mut watchdog = Command::new(program)
        .arg("watchdog")
        .current_dir("/")
        // What ends the whole group of flowcheck, such as Ctrl-C, is not for its watchdog.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(pipe) = watchdog.stdin.take() {
        // Where another thread was quicker, this watchdog finds that nobody speaks to it, and ends.
        let _ = PIPE.set(Mutex::new(pipe));
    }
    Ok(())
}

/// Puts something on the watchdog's list for as long as the [`CleanupGuard`] lives; does nothing without a watchdog.
pub fn register(resource: Resource) -> CleanupGuard {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    tell(&Line { number, hold: Some(resource) });
    CleanupGuard { number }
}

/// Something on the watchdog's list. Dropping it takes it off.
#[derive(Debug)]
#[must_use = "it is taken off the list when this is dropped"]
pub struct CleanupGuard {
    number: u64,
}

impl CleanupGuard {
    /// Leaves it on the list for good: it could not be ended, and the watchdog is to try once more.
    pub fn abandon(self) {
        std::mem::forget(self);
    }
}

impl Drop for CleanupGuard {
    fn drop(&mut self) {
        tell(&Line { number: self.number, hold: None });
    }
}

fn tell(line: &Line) {
    let Some(pipe) = PIPE.get() else { return };
    let Ok(mut text) = serde_json::to_string(line) else { return };
    text.push('\n');
    if let Err(error) = pipe.lock().unwrap_or_else(PoisonError::into_inner).write_all(text.as_bytes()) {
        tracing::debug!(%error, "the watchdog is gone");
    }
}
