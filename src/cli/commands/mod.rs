//! The commands, one file each.
//!
//! [`main`] reads the arguments, sets up logging and the runtime, and calls the command that was asked for. Each command
//! returns an [`Exit`](super::Exit) or a `CommandError`, which `main` prints.
//!
//! - `run`, `doctor`, `init` and `check` are about the app under test; `scene_player` plays what `init` looks at.
//! - `klaviyo` are those for the fake Klaviyo alone: `serve`, `exec`, `coverage`.
//! - `stored_runs` are those that read runs on disk; `reference` those that print what flowcheck knows.
//! - `internal` are those that flowcheck starts itself.

mod check;
mod doctor;
mod init;
mod internal;
mod klaviyo;
mod main;
mod reference;
mod run;
mod scene_player;
mod stored_runs;

pub use main::main;
