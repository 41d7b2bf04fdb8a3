//! flowcheck's side of the pipe to the watchdog.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::resource::{Line, Resource};

static WATCHDOG: OnceLock<Mutex<Watchdog>> = OnceLock::new();
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The running watchdog, as this process knows it.
struct Watchdog {
    program: PathBuf,
    /// The system closes it when this process ends, which is what the watchdog waits for.
    pipe: ChildStdin,
    /// What is on its list, for another one where it is killed.
    held: BTreeMap<u64, Resource>,
}

/// Starts the watchdog unless it runs already; `program` is flowcheck's own.
pub fn spawn(program: &Path) -> io::Result<()> {
    if WATCHDOG.get().is_none() {
        let watchdog = Watchdog { program: program.to_owned(), pipe: started(program)?, held: BTreeMap::new() };
        // Where another thread was faster, this pipe is dropped, and its watchdog exits.
        let _ = WATCHDOG.set(Mutex::new(watchdog));
    }
    Ok(())
}

/// Starts a watchdog and returns the pipe to it.
fn started(program: &Path) -> io::Result<ChildStdin> {
    let watchdog = Command::new(program)
        .arg("watchdog")
        .current_dir("/")
        // A signal to flowcheck's process group, such as Ctrl-C, must not reach the watchdog.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    watchdog.stdin.ok_or_else(|| io::ErrorKind::BrokenPipe.into())
}

impl Watchdog {
    /// Tells it of a change; where it was killed, starts another and tells that of everything.
    fn tell(&mut self, line: &Line) -> io::Result<()> {
        match &line.hold {
            Some(resource) => self.held.insert(line.number, resource.clone()),
            None => self.held.remove(&line.number),
        };
        if write(&mut self.pipe, line).is_ok() {
            return Ok(());
        }
        self.pipe = started(&self.program)?;
        for (number, resource) in &self.held {
            write(&mut self.pipe, &Line { number: *number, hold: Some(resource.clone()) })?;
        }
        Ok(())
    }
}

/// Puts a resource on the watchdog's list until the [`CleanupGuard`] is dropped. Does nothing without a watchdog.
pub fn register(resource: Resource) -> CleanupGuard {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    tell(&Line { number, hold: Some(resource) });
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
        tell(&Line { number: self.number, hold: None });
    }
}

fn tell(line: &Line) {
    let Some(watchdog) = WATCHDOG.get() else { return };
    if let Err(error) = watchdog.lock().unwrap_or_else(PoisonError::into_inner).tell(line) {
        tracing::debug!(%error, "the watchdog has exited");
    }
}

fn write(pipe: &mut ChildStdin, line: &Line) -> io::Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    pipe.write_all(text.as_bytes())
}
