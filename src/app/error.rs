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
    #[error("the app {exit} before it answered at {address}{output}")]
    Exited {
        /// How it exited.
        exit: ProcessExit,
        /// The URL that was requested.
        address: String,
        /// The last lines of its output, each after a line break.
        output: String,
    },
    /// It runs, but did not become ready in time.
    #[error("the app did not answer at {address} within {} s: {source}{output}", after.as_secs())]
    NotReady {
        /// The URL that was requested.
        address: String,
        /// How long flowcheck waited.
        after: Duration,
        /// What the last request met.
        source: NotReadyError,
        /// The last lines of its output, each after a line break.
        output: String,
    },
    /// flowcheck does not start it, and nothing answers.
    #[error(
        "the app is not reachable at {address}: {source}\nstart it first, or let flowcheck start it: add `start:` to flowcheck.yaml"
    )]
    NotReachable {
        /// The URL that was requested.
        address: String,
        /// What the request met.
        source: HttpError,
    },
    /// Its clock cannot be moved.
    #[error(
        "`start.clock: follow` needs libfaketime, which is not there{0}\ninstall it (Debian, Ubuntu: apt-get install faketime) and name it in FLOWCHECK_LIBFAKETIME, or unset that: apps in Node, Python and Ruby follow without"
    )]
    NoFakeClock(String),
    /// Its data could not be reset.
    #[error("`reset` of flowcheck.yaml failed: {0}\nmake sure that it works by hand, or take it out")]
    Reset(#[source] AppActionError),
    /// No free port, or no folder for its data.
    #[error("could not prepare a world for the app")]
    Prepare(#[from] io::Error),
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
