//! Why an action of the app failed.

use super::process_error::{ProcessError, SpawnError};
use crate::http_client::HttpError;

/// An action of `flowcheck.yaml`, such as `trigger`, that failed. [`Request`](Self::Request) says by its source whether there was
/// no connection or no response in time.
#[derive(Debug, thiserror::Error)]
pub enum AppActionError {
    /// `flowcheck.yaml` names neither a URL nor a command.
    #[error("flowcheck.yaml does not say what to do; write `get: URL`, `post: URL` or `run: COMMAND`")]
    Unspecified,
    /// The app answered with a status that shows no work: an error, and for a trigger also a redirect.
    #[error("{request} answered {status}{}", to.as_ref().map(|to| format!(", a redirect to {to}")).unwrap_or_default())]
    Status {
        /// Method and URL.
        request: String,
        /// The status.
        status: u16,
        /// Where a redirect leads.
        to: Option<String>,
    },
    /// The app did not answer.
    #[error("{request}: {source}")]
    Request {
        /// Method and URL.
        request: String,
        /// Why not.
        source: HttpError,
    },
    /// The command could not be started.
    #[error(transparent)]
    Spawn(#[from] SpawnError),
    /// The command did not end with status 0.
    #[error("`{command}` {source}{}", output.iter().fold(String::new(), |text, line| text + "\n  | " + line))]
    Command {
        /// The command, placeholders filled in.
        command: String,
        /// How it ended, or that it did not.
        source: ProcessError,
        /// The last lines of its output.
        output: Vec<String>,
    },
}

impl AppActionError {
    /// What failed, without what a command printed.
    pub fn without_output(&self) -> String {
        match self {
            Self::Command { command, source, .. } => format!("`{command}` {source}"),
            other => other.to_string(),
        }
    }

    /// Whether there was no connection, or one that ended before the whole response: the app may have ended.
    pub fn is_cut_off(&self) -> bool {
        matches!(self, Self::Request { source: HttpError::Transport(_), .. })
    }
}
