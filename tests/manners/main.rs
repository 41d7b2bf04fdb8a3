//! How the program behaves towards who uses it: what it says, how it ends, and that it leaves nothing behind.
//!
//! The real program is started each time, in a folder of its own; `place` starts and watches it, `processes` looks for what
//! it leaves. Each other file is about one side of its manners.

mod asking;
mod doctor;
mod first_file;
#[path = "../harbour/mod.rs"]
#[expect(dead_code, reason = "only the fixture app's program is needed here; the rest is for tests that run scenarios")]
mod harbour;
mod keeping;
mod leaving;
mod mistakes;
mod place;
mod processes;
mod reports;
mod sandbox;
mod sandbox_page;
mod secrets;
mod served;
mod surroundings;
mod watched;
