//! The face: arguments become a plan, the plan a run, the run reports and an exit code.
//!
//! - `arguments` is what the user typed; `select` finds the scenarios that were meant.
//! - `commands` has one file for each command.
//! - `exit` is the table of exit codes, documented once.
//! - `screen` is the terminal; `interrupts` are Ctrl-C and its like, after which everything started is ended.
//! - `kept` finds runs on disk; `shelf` serves one to a browser.
//! - `attending` asks the person at the terminal before a run goes on.
//! - `chosen` is what a run takes; `ci` what a CI service is told besides.
//! - `browser_arguments` are flags of all commands that open a browser.
//! - `init_arguments`, `asking` and `answers` are what `init` is told: by flags, or in the terminal.
//! - `tidings` prints a run's progress, on a terminal as a `board`; `writing` puts reports on disk. No other room writes files that stay.

mod answers;
mod arguments;
mod asking;
mod attending;
mod board;
mod browser_arguments;
mod chosen;
mod ci;
mod commands;
mod exit;
mod init_arguments;
mod interrupts;
mod kept;
mod screen;
mod select;
mod shelf;
mod tidings;
mod writing;

pub use commands::main;
pub use exit::Exit;
