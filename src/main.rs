//! The `flowcheck` program; everything it does is in the library's `cli`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// What one thread allocates for a request another often frees, and this allocator is quick at that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    flowcheck::cli::main()
}
