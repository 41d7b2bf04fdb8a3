//! A process group that flowcheck started.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::fake_clock::remove_shared_memory;
use super::process_error::{ProcessError, ProcessExit, SpawnError};
use crate::evidence::{AppEvent, Event, Recorder};
use crate::watchdog::{CleanupGuard, Resource, start};

/// How long a process may take to exit after SIGTERM.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);
/// Lines of output that error messages quote.
const OUTPUT_TAIL: usize = 8;
/// Bytes of a line that are read, kept, and left out of what was read where the line goes on: a secret is at most so long.
const READ_OF_LINE: usize = 16 * 1_024;
const KEPT_OF_LINE: usize = 4 * 1_024;
const LONGEST_SECRET: usize = 4 * 1_024;

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
        let mut command = Command::new(first);
        command
            .args(words)
            .args(arguments)
            .current_dir(folder)
            .envs(env)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let (mut child, held) = start(&mut command, Resource::ProcessGroup)
            .map_err(|source| SpawnError { program: program.to_owned(), source })?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
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

    /// The last lines of its output.
    pub(super) fn output_tail(&self) -> Vec<String> {
        self.output_tail.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Sends SIGTERM to the group, then SIGKILL.
    pub(super) async fn stop(mut self) {
        self.signal(Signal::SIGTERM);
        if timeout(STOP_TIMEOUT, self.child.wait()).await.is_err() {
            tracing::debug!("the app did not exit after SIGTERM and is killed");
        }
        self.signal(Signal::SIGKILL);
        let _ = timeout(STOP_TIMEOUT, self.child.wait()).await;
        if let Some(group) = self.group.take() {
            remove_shared_memory(group);
        }
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
        if let Some(group) = self.group {
            remove_shared_memory(group);
        }
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
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while let Ok(Some(beyond)) = next_line(&mut reader, &mut line).await {
            let line = kept_of_line(&line, beyond, &recorder);
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

/// Reads a line without its end, of which at most so much as [`READ_OF_LINE`]; returns how many more bytes it has, or none at the end.
async fn next_line(reader: &mut (impl AsyncBufRead + Unpin), line: &mut Vec<u8>) -> io::Result<Option<usize>> {
    line.clear();
    let mut beyond = 0;
    loop {
        let read = reader.fill_buf().await?;
        if read.is_empty() {
            return Ok((beyond > 0 || !line.is_empty()).then_some(beyond));
        }
        let end = read.iter().position(|byte| *byte == b'\n');
        let part = &read[..end.unwrap_or(read.len())];
        let (kept, rest) = part.split_at(part.len().min(READ_OF_LINE - line.len()));
        line.extend_from_slice(kept);
        beyond += rest.len();
        let used = part.len() + usize::from(end.is_some());
        reader.consume(used);
        if end.is_some() {
            return Ok(Some(beyond));
        }
    }
}

/// A line as it is recorded; `beyond` bytes of it were not read.
fn kept_of_line(line: &[u8], beyond: usize, recorder: &Recorder) -> String {
    let mut text = recorder.redact(String::from_utf8_lossy(line).trim_end());
    if beyond > 0 {
        // A secret that was read in part only is not recognised.
        text.truncate(text.floor_char_boundary(text.len().saturating_sub(LONGEST_SECRET)));
    }
    if beyond == 0 && text.len() <= KEPT_OF_LINE {
        return text;
    }
    text.truncate(text.floor_char_boundary(KEPT_OF_LINE));
    let left_out = (line.len() + beyond).saturating_sub(text.len());
    format!("{text}… ({left_out} bytes left out)")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of an output that comes in pieces of so many bytes, as they are kept.
    async fn lines(output: &[u8], piece: usize, recorder: &Recorder) -> Vec<String> {
        let mut reader = BufReader::with_capacity(piece, output);
        let (mut line, mut kept) = (Vec::new(), Vec::new());
        while let Some(beyond) = next_line(&mut reader, &mut line).await.expect("it can be read") {
            assert!(line.len() <= READ_OF_LINE && line.capacity() <= 2 * READ_OF_LINE);
            kept.push(kept_of_line(&line, beyond, recorder));
        }
        kept
    }

    #[tokio::test]
    async fn lines_end_where_they_end_however_they_come() {
        for piece in [1, 2, 3, 7, 8_192] {
            let kept = lines(b"one\r\n\ntwo \xff\nlast", piece, &Recorder::new()).await;
            assert_eq!(kept, ["one", "", "two \u{fffd}", "last"], "{piece}");
        }
        assert!(lines(b"", 8, &Recorder::new()).await.is_empty());
    }

    #[tokio::test]
    async fn a_long_line_is_cut_and_says_by_how_much() {
        let long = [&b"x".repeat(1_000_000)[..], b"\nnext"].concat();
        let kept = lines(&long, 8_192, &Recorder::new()).await;
        let start = "x".repeat(KEPT_OF_LINE);
        assert_eq!(kept, [format!("{start}… ({} bytes left out)", 1_000_000 - KEPT_OF_LINE), "next".to_owned()]);
        let wide = "ü".repeat(KEPT_OF_LINE);
        let kept = lines(wide.as_bytes(), 8_192, &Recorder::new()).await;
        assert!(kept[0].starts_with("üü") && kept[0].ends_with("bytes left out)"), "{kept:?}");
    }

    #[tokio::test]
    async fn half_a_secret_at_the_end_of_what_is_read_is_not_kept() {
        let recorder = Recorder::new();
        let secret = "s3cr3t-".repeat(100);
        recorder.hide("client_secret", &secret);
        // So many secrets that, redacted, all of them are short enough to be kept, with the half of one.
        let line = format!("{secret} ").repeat(READ_OF_LINE / (secret.len() + 1) + 2);
        let kept = lines(line.as_bytes(), 8_192, &recorder).await;
        assert!(!kept[0].contains("s3cr3t"), "{}", kept[0]);
    }
}
