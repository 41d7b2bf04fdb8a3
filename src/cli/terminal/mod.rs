//! The terminal: printing to it, and asking the person at it.
//!
//! - `console` prints lines, of which `ci_commands` takes what a CI runner would obey, and knows the terminal's width and whether it takes colours.
//! - `progress` prints a run's progress: as lines, as JSON, or as a `live_progress` display that is redrawn.
//! - `prompt` asks for a line or a password; `interactive` asks before steps and before closing, for `--step` and `--keep-open`.

mod ci_commands;
pub(super) mod console;
mod interactive;
mod live_progress;
mod progress;
mod prompt;

pub(super) use ci_commands::{Form, neutralized};
pub(super) use interactive::attend;
pub(super) use progress::{ProgressOutput, print_progress};
pub(super) use prompt::{MissingAnswer, Prompt};
