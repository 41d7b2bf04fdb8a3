//! flowcheck's side of the pipe to the watchdog.

use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::resource::{Line, Resource};

/// The pipe to the watchdog. The system closes it when this process ends, which is what the watchdog waits for.
static PIPE: OnceLock<Mutex<ChildStdin>> = OnceLock::new();
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Starts the watchdog unless it runs already; `program` is flowcheck's own.
pub fn spawn(program: &Path) -> io::Result<()> {
    if PIPE.get().is_some() {
        return Ok(());
    }
    let mut watchdog = Command::new(program)
        .arg("watchdog")
        .current_dir("/")
        // A signal to flowcheck's process group, such as Ctrl-C, must not reach the watchdog.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(pipe) = watchdog.stdin.take() {
        // Where another thread was faster, this pipe is dropped, and its watchdog exits.
        let _ = PIPE.set(Mutex::new(pipe));
    }
    Ok(())
}

/// Puts a resource on the watchdog's list until the [`CleanupGuard`] is dropped. Does nothing without a watchdog.
pub fn register(resource: Resource) -> CleanupGuard {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    write_line(&Line { number, hold: Some(resource) });
    CleanupGuard { number }
}

/// A resource on the watchdog's list. Dropping it removes the resource from the list.
#[derive(Debug)]
#[must_use = "dropping this removes the resource from the watchdog's list"]
pub struct CleanupGuard {
    number: u64,
}

impl CleanupGuard {
    /// Leaves the resource on the list: it could not be released, and the watchdog tries once more.
    pub fn abandon(self) {
        std::mem::forget(self);
    }
}

impl Drop for CleanupGuard {
    fn drop(&mut self) {
        write_line(&Line { number: self.number, hold: None });
    }
}

fn write_line(line: &Line) {
    let Some(pipe) = PIPE.get() else { return };
    let Ok(mut text) = serde_json::to_string(line) else { return };
    text.push('\n');
    if let Err(error) = pipe.lock().unwrap_or_else(PoisonError::into_inner).write_all(text.as_bytes()) {
        tracing::debug!(%error, "the watchdog has exited");
    }
}
