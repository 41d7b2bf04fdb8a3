//! What lies in the app's folder: its `.env`, which `dotenv` reads, with its client ([`EnvFile`]) and secrets ([`Variable`]), and what
//! its framework says of how it is started ([`StartCommand`]), and what its source says may make it call Klaviyo ([`Job`]).

mod data_place;
mod dotenv;
mod env_file;
mod job;
mod start_command;
mod variable;

pub use env_file::{EnvFile, EnvFileError};
pub(in crate::init) use job::JobCall;
pub use job::{Job, jobs};
pub use start_command::{StartCommand, start_commands};
pub use variable::Variable;
