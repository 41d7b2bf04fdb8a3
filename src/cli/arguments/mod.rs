//! What the user typed: one file for each kind of arguments, with their help texts.
//!
//! - `command` is the command line as a whole, and the commands that have few arguments.
//! - `run` and `init` are the arguments of these commands; `browser` are those of every command that opens a browser.
//! - `report` are the reports that `--report` takes, `shard` is `--shard`.

mod browser;
mod command;
mod init;
mod report;
mod run;
mod shard;

pub(super) use command::{
    Arguments, BundleArguments, CheckArguments, Command, DoctorArguments, ExecArguments, ExecReach, JudgeArguments,
    ListArguments, MergeArguments, SchemaOf, ServeArguments, ShowArguments,
};
pub(super) use init::InitArguments;
pub(super) use report::{ReportKind, ReportTarget};
pub(super) use run::{LogFormat, RunArguments};
