//! Why a world could not be set up.

use crate::app::AppError;
use crate::checklist::ScenarioEnd;
use crate::evidence::error_chain;

/// Why a world could not be set up, by whose fault it is.
#[derive(Debug)]
pub(in crate::runner) enum SetupError {
    Config(String),
    App(AppError),
    Harness(String),
}

impl From<SetupError> for ScenarioEnd {
    fn from(unset: SetupError) -> Self {
        match unset {
            SetupError::Config(why) => Self::Config(why),
            SetupError::App(error) => Self::AppUnavailable(error_chain(&error)),
            SetupError::Harness(why) => Self::Harness(why),
        }
    }
}
