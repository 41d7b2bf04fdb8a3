//! `flowcheck show`: a run that was kept, served to a browser on this machine.

use crate::cli::Exit;
use crate::cli::arguments::ShowArguments;
use crate::cli::commands::main::complain;
use crate::cli::interrupts::Interrupts;
use crate::cli::store::ReportServer;
use crate::cli::store::StoredRun;
use crate::cli::terminal::console::print_line;
use crate::evidence::error_chain;

/// Serves a run's folder until interrupted.
pub(in crate::cli) async fn show(arguments: &ShowArguments) -> Exit {
    let kept = match StoredRun::read(&arguments.run) {
        Ok(kept) => kept,
        Err(error) => return complain(Exit::Usage, &error_chain(&error)),
    };
    let mut interrupts = match Interrupts::listen() {
        Ok(interrupts) => interrupts,
        Err(error) => return complain(Exit::Environment, &format!("could not listen for Ctrl-C: {error}")),
    };
    let server = match ReportServer::open(&kept, arguments.port).await {
        Ok(server) => server,
        Err(error) => {
            let what = format!("could not listen on port {}: {error}; --port 0 takes a free one", arguments.port);
            return complain(Exit::Environment, &what);
        }
    };
    print_line(format_args!("{} of {}, at", kept.outcome.run.app, kept.outcome.run.began));
    print_line(format_args!("\n  {}\n", server.url()));
    print_line(format_args!("with run.json and shots/ beside it; Ctrl-C ends it"));
    tokio::select! {
        () = server.serve() => {}
        () = interrupts.next() => {}
    }
    Exit::Good
}
