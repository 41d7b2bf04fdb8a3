//! The commands, one file each.
//!
//! [`main`] reads the arguments, sets up logging and the runtime, and hands over to the command that was asked for. Each
//! command returns an [`Exit`](super::Exit); errors are printed here, in one form.

mod bridge;
mod bundle;
mod check;
mod compare;
mod coverage;
mod doctor;
mod exec;
mod explain;
mod init;
mod judge;
mod list;
mod main;
mod merge;
mod run;
mod sandbox;
mod schema;
mod serve;
mod show;
mod watchdog;

pub use main::main;
