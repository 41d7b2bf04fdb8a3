//! The program as its users meet it: what it prints, its exit codes, and that it leaves nothing behind.
//!
//! Each test starts the real program in a temporary folder: `workspace` starts and watches it, and `processes` finds the
//! processes it started. Each other file covers one command or one aspect of the program's behaviour.

mod cleanup;
mod doctor;
mod environment_errors;
#[path = "../fixture_app/mod.rs"]
#[expect(dead_code, reason = "only the fixture app's program is needed here; the rest is for tests that run scenarios")]
mod fixture_app;
mod init;
mod input_errors;
mod processes;
mod reference_commands;
mod resume;
mod run_output;
mod sandbox_page;
mod sandbox_session;
mod secrets;
mod serve;
mod state_file;
mod step_mode;
mod workspace;
