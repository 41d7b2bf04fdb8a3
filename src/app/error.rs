//! Why the app could not be used.

use std::time::Duration;

/// The app could not be started, or not be reached.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Its program could not be started.
    #[error("could not start `{program}`: {source}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        source: std::io::Error,
    },
    /// It ended before it was ready.
    #[error("the app {how} before it answered at {address}{output}")]
    Exited {
        /// "exited with status 1".
        how: String,
        /// Address that was asked.
        address: String,
        /// Its last words, each on a line of its own.
        output: String,
    },
    /// It runs, but did not answer in time.
    #[error("the app did not answer at {address} within {after:?}: {last}{output}")]
    NotReady {
        /// Address that was asked.
        address: String,
        /// How long was waited.
        after: Duration,
        /// What the last try met.
        last: String,
        /// Its last words, each on a line of its own.
        output: String,
    },
    /// It is not flowcheck's to start, and nothing answers.
    #[error(
        "the app is not reachable at {address}: {last}\nstart it first, or let flowcheck start it: add `start:` to flowcheck.yaml"
    )]
    NotReachable {
        /// Address that was tried.
        address: String,
        /// What the try met.
        last: String,
    },
    /// Its clock cannot be moved.
    #[error(
        "`start.clock: follow` needs libfaketime, which is not there{0}\ninstall it (Debian, Ubuntu: apt-get install faketime), name it in FLOWCHECK_LIBFAKETIME, or take the line out of flowcheck.yaml"
    )]
    NoFakeClock(String),
    /// Its data could not be put back.
    #[error("`reset` of flowcheck.yaml failed: {0}\nmake sure that it works by hand, or take it out")]
    Reset(String),
    /// No free port, no folder.
    #[error("could not prepare a world for the app")]
    Prepare(#[from] std::io::Error),
}
