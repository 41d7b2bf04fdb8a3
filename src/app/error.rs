//! Why the app could not be used.

use std::io;
use std::time::Duration;

use super::action_error::AppActionError;
use super::process_error::{ProcessExit, SpawnError};
use crate::http_client::HttpError;

/// The app could not be started or reached.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Its program could not be started.
    #[error(transparent)]
    Spawn(#[from] SpawnError),
    /// It exited before it was ready.
    #[error("the app {exit} before it answered at {address}")]
    Exited {
        /// How it exited.
        exit: ProcessExit,
        /// The URL that was requested.
        address: String,
        /// The last lines of its output.
        output: Vec<String>,
    },
    /// It runs, but did not become ready in time.
    #[error("the app did not answer at {address} within {} s: {source}", after.as_secs())]
    NotReady {
        /// The URL that was requested.
        address: String,
        /// How long flowcheck waited.
        after: Duration,
        /// What the last request met.
        source: NotReadyError,
        /// The last lines of its output.
        output: Vec<String>,
    },
    /// flowcheck does not start it, and nothing answers.
    #[error("the app is not reachable at {address}: {source}")]
    NotReachable {
        /// The URL that was requested.
        address: String,
        /// What the request met.
        source: HttpError,
    },
    /// Its clock cannot be moved.
    #[error("`start.clock: follow` needs libfaketime, which is not there{0}")]
    NoFakeClock(String),
    /// Its data could not be reset.
    #[error("`reset` of flowcheck.yaml failed: {}", .0.without_output())]
    Reset(AppActionError),
    /// No free port, or no folder for its data.
    #[error("could not prepare a world for the app")]
    Prepare(#[from] io::Error),
}

impl AppError {
    /// What to do about it, where that is known.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::NotReachable { .. } => {
                Some("start it first, or let flowcheck start it: add `start:` to flowcheck.yaml")
            }
            Self::NoFakeClock(_) => Some(
                "install it (Debian, Ubuntu: apt-get install faketime) and name it in FLOWCHECK_LIBFAKETIME, or unset that: apps \
                 in Node, Python and Ruby follow without",
            ),
            Self::Reset(_) => Some("make sure that it works by hand, or take it out"),
            Self::Spawn(_) | Self::Exited { .. } | Self::NotReady { .. } | Self::Prepare(_) => None,
        }
    }

    /// The last lines of what the app, or the command, printed.
    pub fn output(&self) -> &[String] {
        match self {
            Self::Exited { output, .. }
            | Self::NotReady { output, .. }
            | Self::Reset(AppActionError::Command { output, .. }) => output,
            _ => &[],
        }
    }
}

/// A request that shows that the app is not ready yet.
#[derive(Debug, thiserror::Error)]
pub enum NotReadyError {
    /// A server error.
    #[error("it answered {0}")]
    Status(u16),
    /// No response.
    #[error(transparent)]
    Request(#[from] HttpError),
}
