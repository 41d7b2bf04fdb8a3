//! Exit codes.

use std::process::ExitCode;

use crate::checklist::Overall;

/// How the program ends.
///
/// | code | meaning |
/// |---|---|
/// | 0 | every applicable gate item passed, or the command did what it was asked |
/// | 1 | the app failed an item, also where the harness had trouble beside it; or something got worse (`compare`) |
/// | 2 | usage, configuration or a scenario is at fault |
/// | 3 | the environment or the harness broke, or an applicable item was not run for no fault of the app |
/// | 4 | nothing was run |
/// | 130 | interrupted |
///
/// `flowcheck exec` ends with its command's exit code, or with 128 plus the number of the signal that ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0.
    Good,
    /// 2.
    Usage,
    /// 3.
    Environment,
    /// 1: something got worse.
    Worse,
    /// The result of a run.
    Run(Overall),
    /// The exit code of a command that `exec` ran, or another fixed code.
    Command(u8),
}

impl Exit {
    /// The code.
    pub fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Worse => 1,
            Self::Usage => 2,
            Self::Environment => 3,
            Self::Run(overall) => overall.exit_code(),
            Self::Command(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
