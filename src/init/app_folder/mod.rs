//! What lies in the app's folder: its `.env`, which `dotenv` reads, with its client ([`EnvFile`]) and secrets ([`Variable`]), and what
//! its framework says of how it is started ([`StartCommand`]).

mod dotenv;
mod env_file;
mod start_command;
mod variable;

pub use env_file::{EnvFile, EnvFileError};
pub use start_command::{StartCommand, start_commands};
pub use variable::Variable;
