//! Why a step is not played to its end.

use crate::browser::BrowserError;
use crate::evidence::StepProblem;

/// Why a step is not played to its end.
#[derive(Debug, thiserror::Error)]
pub(in crate::runner) enum StepError {
    /// The app or its configuration stands in the way: the step fails, and the scenario goes on.
    #[error("{0}")]
    Problem(StepProblem),
    /// The browser or its driver broke: the scenario ends.
    #[error(transparent)]
    Browser(#[from] BrowserError),
}

impl StepError {
    /// The problem, where the browser did its work.
    pub(in crate::runner) fn problem(self) -> Result<StepProblem, BrowserError> {
        match self {
            Self::Problem(problem) => Ok(problem),
            Self::Browser(error) => Err(error),
        }
    }
}

impl From<StepProblem> for StepError {
    fn from(problem: StepProblem) -> Self {
        Self::Problem(problem)
    }
}

/// Whether something succeeded that is only tried, so that a problem with it is none of the caller's.
pub(in crate::runner) fn succeeded<T>(tried: Result<T, StepError>) -> Result<bool, BrowserError> {
    match tried {
        Ok(_) => Ok(true),
        Err(error) => error.problem().map(|_| false),
    }
}
