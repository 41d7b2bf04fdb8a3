//! The figures of docs/performance.md, measured in one run: `make bench` writes them there, `make bench FIGURES="NAME…"` some
//! of them, and `cargo bench -- NAME…` only prints.
//!
//! Machines are noisy: medians of several turns, everything that is compared taken in turns in the same run.

#![expect(dead_code, reason = "what tests use has more than this needs")]

mod checklist;
mod installs;
mod load;
mod measure;
mod mock;
mod page;
mod peers;
mod sandbox_user;
mod scale;
mod serve;
mod servers;
mod share;
mod soak;
mod world;

#[path = "../../tests/mock/client.rs"]
mod client;
#[path = "../../tests/cli/processes.rs"]
mod processes;
#[path = "../../tests/grid/server.rs"]
mod server;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A figure's name, and what measures it.
type Figure = (&'static str, fn());

const FIGURES: &[Figure] = &[
    // What is weighed in this process comes first: what others leave to be used again would be taken for nothing.
    ("world", world::measure),
    ("installs", installs::measure),
    ("checklist", checklist::measure),
    ("share", share::measure),
    ("serve", serve::measure),
    ("soak", soak::measure),
    ("token", mock::token),
    ("endpoints", mock::endpoints),
    ("scale", scale::measure),
    ("peers-flows", peers::measure),
    ("peers-servers", servers::measure),
];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for (name, measure) in FIGURES {
        // It takes ten minutes, and is asked for by its name.
        let is_usual = *name != "soak";
        if wanted.is_empty() && is_usual || wanted.iter().any(|wish| name.contains(wish.as_str())) {
            page::section(name, *measure);
        }
    }
}
