//! How a process that flowcheck started can fail.

use std::fmt;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

/// A program that could not be started.
#[derive(Debug, thiserror::Error)]
#[error("could not start `{program}`: {source}")]
pub struct SpawnError {
    /// The program.
    pub program: String,
    /// The system's error.
    pub source: io::Error,
}

/// How a process ended: "exited with status 1", "was ended by signal 9".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessExit(pub ExitStatus);

impl fmt::Display for ProcessExit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.code(), self.0.signal()) {
            (Some(code), _) => write!(formatter, "exited with status {code}"),
            (None, Some(signal)) => write!(formatter, "was ended by signal {signal}"),
            (None, None) => formatter.write_str("ended"),
        }
    }
}

/// A process that did not end with status 0. Displays as what follows its command: "`make seed` exited with status 2".
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// It failed.
    #[error("{0}")]
    Failed(ProcessExit),
    /// It is still running.
    #[error("had not ended after {} s", .0.as_secs())]
    TimedOut(Duration),
    /// The system cannot tell.
    #[error("could not be waited for: {0}")]
    Wait(#[source] io::Error),
}
