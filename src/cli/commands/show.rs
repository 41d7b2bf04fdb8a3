//! `flowcheck show`: a run that was kept, served to a browser on this machine.

use super::main::complain;
use crate::cli::arguments::ShowArguments;
use crate::cli::interrupts::Interrupts;
use crate::cli::kept::Kept;
use crate::cli::screen::say;
use crate::cli::{Exit, shelf};
use crate::evidence::error_chain;

/// Serves a run's folder until interrupted.
pub(super) async fn show(arguments: &ShowArguments) -> Exit {
    let kept = match Kept::read(&arguments.run) {
        Ok(kept) => kept,
        Err(error) => return complain(Exit::Usage, &error_chain(&error)),
    };
    let mut interrupts = match Interrupts::listen() {
        Ok(interrupts) => interrupts,
        Err(error) => return complain(Exit::Environment, &format!("could not listen for Ctrl-C: {error}")),
    };
    let shelf = match shelf::Shelf::open(&kept, arguments.port).await {
        Ok(shelf) => shelf,
        Err(error) => {
            let what = format!("could not listen on port {}: {error}; --port 0 takes a free one", arguments.port);
            return complain(Exit::Environment, &what);
        }
    };
    say(format_args!("{} of {}, at", kept.outcome.run.app, kept.outcome.run.began));
    say(format_args!("\n  {}\n", shelf.url()));
    say(format_args!("with run.json and shots/ beside it; Ctrl-C ends it"));
    tokio::select! {
        () = shelf.serve() => {}
        () = interrupts.next() => {}
    }
    Exit::Good
}
