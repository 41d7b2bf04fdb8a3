//! The commands, one file each.
//!
//! [`main`] reads the arguments, sets up logging and the runtime, and hands over to the command that was asked for. Each
//! command returns an [`Exit`](super::Exit); errors are printed here, in one form.

mod bridge;
mod check;
mod coverage;
mod doctor;
mod exec;
mod explain;
mod list;
mod main;
mod run;
mod sandbox;
mod schema;
mod serve;

pub use main::main;
