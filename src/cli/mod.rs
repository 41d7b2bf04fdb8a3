//! The command line: arguments become a plan, the plan a run, the run reports and an exit code.
//!
//! - `arguments` is what the user typed.
//! - `commands` has one file for each command; `exit` is the table of exit codes, `command_error` why a command gives up.
//! - `selection` finds the scenarios that a command is about.
//! - `store` reads and writes runs on disk. No other room writes files that stay.
//! - `terminal` prints, and asks the person at the terminal.
//! - `init_inputs` are the answers that `init` needs: from flags, the app's `.env`, or a prompt.
//! - `ci` writes what a CI service shows besides the reports; `interrupts` are Ctrl-C and its like.

mod arguments;
mod ci;
mod command_error;
mod commands;
mod exit;
mod init_file;
mod init_inputs;
mod interrupts;
mod selection;
mod store;
mod terminal;

pub use commands::main;
pub use exit::Exit;
