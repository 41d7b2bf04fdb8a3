//! A process group that flowcheck started.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::process_error::{ProcessError, ProcessExit, SpawnError};
use crate::evidence::{AppEvent, Event, Recorder};
use crate::watchdog::{CleanupGuard, Resource, register};

/// How long a process may take to exit after SIGTERM.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);
/// Lines of output that error messages quote.
const OUTPUT_TAIL: usize = 8;

/// A running process group. Killed when dropped.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    group: Option<Pid>,
    _held: Option<CleanupGuard>,
    output_tail: Arc<Mutex<VecDeque<String>>>,
    /// Tasks that read its output; they end when it does.
    listeners: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts a program; `words` are program and arguments, `wrapper` words to put before them.
    pub(super) fn start(
        wrapper: &[OsString],
        words: &[String],
        folder: &Path,
        env: impl IntoIterator<Item = (String, OsString)>,
        recorder: &Recorder,
    ) -> Result<Self, SpawnError> {
        let (program, arguments) =
            words.split_first().map_or(("", [].as_slice()), |(first, rest)| (first.as_str(), rest));
        let path = program_path(program, folder).into_os_string();
        let (first, words) = match wrapper.split_first() {
            Some((first, rest)) => (first.clone(), [rest, &[path]].concat()),
            None => (path, Vec::new()),
        };
        let mut child = Command::new(first)
            .args(words)
            .args(arguments)
            .current_dir(folder)
            .envs(env)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|source| SpawnError { program: program.to_owned(), source })?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
        let held = group.map(|group| register(Resource::ProcessGroup(group.as_raw())));
        let output_tail = Arc::default();
        let mut listeners = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            listeners.push(listen(stdout, recorder.clone(), Arc::clone(&output_tail)));
        }
        if let Some(stderr) = child.stderr.take() {
            listeners.push(listen(stderr, recorder.clone(), Arc::clone(&output_tail)));
        }
        Ok(Self { child, group, _held: held, output_tail, listeners })
    }

    /// How it exited, if it has.
    pub(super) fn exited(&mut self) -> Option<ProcessExit> {
        self.child.try_wait().ok().flatten().map(ProcessExit)
    }

    /// Waits for the process to end with status 0.
    pub(super) async fn finish(&mut self, within: Duration) -> Result<(), ProcessError> {
        let ended = timeout(within, self.child.wait()).await;
        self.drain_output().await;
        match ended {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(ProcessError::Failed(ProcessExit(status))),
            Ok(Err(error)) => Err(ProcessError::Wait(error)),
            Err(_) => Err(ProcessError::TimedOut(within)),
        }
    }

    /// Waits until its output has been read, with a time limit, since its children may keep the output open.
    pub(super) async fn drain_output(&mut self) {
        for listener in self.listeners.drain(..) {
            let _ = timeout(STOP_TIMEOUT, listener).await;
        }
    }

    /// The last lines of its output, each after a line break; empty without output.
    pub(super) fn output_tail(&self) -> String {
        let lines = self.output_tail.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().fold(String::new(), |text, line| text + "\n  | " + line)
    }

    /// Sends SIGTERM to the group, then SIGKILL.
    pub(super) async fn stop(mut self) {
        self.signal(Signal::SIGTERM);
        if timeout(STOP_TIMEOUT, self.child.wait()).await.is_err() {
            tracing::debug!("the app did not exit after SIGTERM and is killed");
        }
        self.signal(Signal::SIGKILL);
        let _ = timeout(STOP_TIMEOUT, self.child.wait()).await;
        self.group = None;
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            // An error only means that the group has ended already.
            let _ = killpg(group, signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.signal(Signal::SIGKILL);
    }
}

/// A program path with a slash is relative to the folder the program runs in.
fn program_path(program: &str, folder: &Path) -> std::path::PathBuf {
    if program.contains('/') { folder.join(program) } else { program.into() }
}

fn listen(
    stream: impl AsyncRead + Unpin + Send + 'static,
    recorder: Recorder,
    output_tail: Arc<Mutex<VecDeque<String>>>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut reader = BufReader::new(stream).split(b'\n');
        while let Ok(Some(line)) = reader.next_segment().await {
            let line = recorder.redact(String::from_utf8_lossy(&line).trim_end());
            {
                let mut words = output_tail.lock().unwrap_or_else(PoisonError::into_inner);
                words.push_back(line.clone());
                if words.len() > OUTPUT_TAIL {
                    words.pop_front();
                }
            }
            recorder.record(Event::App(AppEvent::Log(line)));
        }
    })
}
