//! `flowcheck show`: serves a stored run to a browser on this machine.

use crate::cli::Exit;
use crate::cli::arguments::ShowArguments;
use crate::cli::command_error::CommandError;
use crate::cli::interrupts::Interrupts;
use crate::cli::store::ReportServer;
use crate::cli::store::StoredRun;
use crate::cli::terminal::console::print_line;

/// Serves a run's folder until interrupted.
pub(in crate::cli) async fn show(arguments: &ShowArguments) -> Result<Exit, CommandError> {
    let run = StoredRun::read(&arguments.run)?;
    let mut interrupts = Interrupts::listen()?;
    let server = ReportServer::open(&run, arguments.port).await.map_err(|error| {
        let what = format!("could not listen on port {}: {error}", arguments.port);
        CommandError::environment(what).remedy("--port 0 takes a free one")
    })?;
    print_line(format_args!("{} of {}, at", run.outcome.run.app, run.outcome.run.began));
    print_line(format_args!("\n  {}\n", server.url()));
    print_line(format_args!("with run.json and shots/ beside it; Ctrl-C ends it"));
    tokio::select! {
        () = server.serve() => {}
        () = interrupts.next() => {}
    }
    Ok(Exit::Good)
}
