//! Why a world could not be set up.

use crate::app::AppError;
use crate::browser::BrowserError;
use crate::checklist::{Problem, ScenarioEnd};
use crate::evidence::error_chain;

/// Why a world could not be set up, by whose fault it is.
#[derive(Debug)]
pub(in crate::runner) enum SetupError {
    Config(Problem),
    App(AppError),
    Harness(Problem),
}

impl From<SetupError> for ScenarioEnd {
    fn from(unset: SetupError) -> Self {
        match unset {
            SetupError::Config(problem) => Self::Config(problem),
            SetupError::App(error) => Self::AppUnavailable(Problem::from(&error)),
            SetupError::Harness(problem) => Self::Harness(problem),
        }
    }
}

impl From<SetupError> for Problem {
    fn from(unset: SetupError) -> Self {
        match unset {
            SetupError::Config(problem) | SetupError::Harness(problem) => problem,
            SetupError::App(error) => Self::from(&error),
        }
    }
}

impl From<&AppError> for Problem {
    fn from(error: &AppError) -> Self {
        Self::new(error_chain(error)).with_remedy(error.remedy()).with_output(error.output().to_vec())
    }
}

impl From<&BrowserError> for Problem {
    fn from(error: &BrowserError) -> Self {
        Self::new(error_chain(error)).with_remedy(error.remedy())
    }
}
