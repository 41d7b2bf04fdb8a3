//! From arguments to a command.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use tracing_subscriber::EnvFilter;

use super::internal::{bridge, watchdog};
use super::klaviyo::{coverage, exec, serve};
use super::reference::{explain, list, schema};
use super::stored_runs::{bundle, compare, judge, merge, show};
use super::{check, doctor, init, run};
use crate::cli::Exit;
use crate::cli::arguments::{Arguments, Command};
use crate::cli::command_error::CommandError;
use crate::cli::terminal::console;

/// The program.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Logs are for developers of flowcheck; the commands print what users need.
    let filter = EnvFilter::try_from_env("FLOWCHECK_LOG").unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(console::colour_on_stderr())
        .with_writer(|| console::Diagnostics)
        .init();
    // A panic quotes the text that it met.
    std::panic::set_hook(Box::new(|panic| {
        let trace = Backtrace::capture();
        let trace = if trace.status() == BacktraceStatus::Captured { format!("\n{trace}") } else { String::new() };
        console::print_error_line(format_args!("{panic}{trace}"));
    }));
    execute(arguments.command).unwrap_or_else(|error| error.print()).into()
}

fn execute(command: Command) -> Result<Exit, CommandError> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| CommandError::environment(format!("could not start: {error}")))?;
    match command {
        Command::Init(arguments) => runtime.block_on(init::init(*arguments)),
        Command::Run(arguments) => runtime.block_on(run::run(arguments)),
        Command::List(arguments) => list::list(&arguments),
        Command::Check(arguments) => Ok(check::check(&arguments)),
        Command::Explain { item, framework } => explain::explain(&item, framework.as_deref()),
        Command::Serve(arguments) => runtime.block_on(serve::serve(arguments)),
        Command::Doctor(arguments) => runtime.block_on(doctor::doctor(arguments)),
        Command::Coverage { revision } => coverage::coverage_of_klaviyo(revision.as_deref()),
        Command::Exec(arguments) => runtime.block_on(exec::exec(arguments)),
        Command::Show(arguments) => runtime.block_on(show::show(&arguments)),
        Command::Judge(arguments) => judge::judge(&arguments),
        Command::Compare { before, after } => compare::compare(&before, &after),
        Command::Bundle(arguments) => bundle::bundle(&arguments),
        Command::Merge(arguments) => merge::merge(&arguments),
        Command::Bridge { folder, ports, addresses } => runtime.block_on(bridge::bridge(folder, &ports, &addresses)),
        Command::Watchdog => Ok(runtime.block_on(watchdog::watchdog())),
        Command::Schema { of } => Ok(schema::schema(of)),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "flowcheck", &mut script);
            console::print_commands(String::from_utf8_lossy(&script).trim_end());
            Ok(Exit::Good)
        }
    }
}
