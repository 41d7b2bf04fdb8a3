//! The `flowcheck` program; everything it does is in the library's `cli`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// The fake Klaviyo hands what it made for one thread to another to be forgotten, which this one takes lightly.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    flowcheck::cli::main()
}
