//! `flowcheck exec`: a command for which klaviyo.com is a fake Klaviyo.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal as _, stdin};
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child, Command};
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

use super::sandbox::{Sandbox, SandboxOptions, exports};
use crate::cli::Exit;
use crate::cli::arguments::{ExecArguments, ExecReach};
use crate::cli::command_error::CommandError;
use crate::cli::terminal::console::{print_error_line, print_line};
use crate::gateway::RefusedTarget;
use crate::watchdog::{Resource, start};

/// Exit codes of shells for a command that is not found, and for one that cannot be run.
const NOT_FOUND: u8 = 127;
const NOT_RUNNABLE: u8 = 126;
/// What shells add to the number of the signal that ended a command.
const BY_SIGNAL: u8 = 128;

/// Runs the command and ends as it did.
pub(in crate::cli) async fn exec(arguments: ExecArguments) -> Result<Exit, CommandError> {
    // Before anything exists that a signal would leave behind, such as the gateway's folder.
    let signals = Signals::listen()
        .map_err(|error| CommandError::environment(format!("could not listen for signals: {error}")))?;
    let hosts = arguments.reach == ExecReach::Hosts;
    if hosts && arguments.command.is_empty() {
        return Err(CommandError::usage(
            "with --reach hosts there must be a command: another shell does not reach the fake Klaviyo by variables alone",
        ));
    }
    let options = SandboxOptions {
        config: arguments.config.as_deref(),
        app_port: arguments.app_port,
        listen: "127.0.0.1:0",
        state: None,
        hermetic: arguments.hermetic,
        hosts,
    };
    let sandbox = Sandbox::start(options).await?;
    let variables = sandbox.variables();
    let command = [sandbox.gateway.wrapper(), &arguments.command].concat();
    let result = if let Some((program, words)) = command.split_first() {
        if arguments.print_env {
            // Standard output is the command's.
            print_error_line(exports(&variables).trim_end());
        }
        run(program, words, &variables, signals).await
    } else {
        print_line(exports(&variables).trim_end());
        signals.first().await;
        Ok(Exit::Good)
    };
    for refused in sandbox.gateway.refused() {
        let RefusedTarget { target, times } = refused;
        print_error_line(format_args!("flowcheck: held back {target} ({times}×), which is not Klaviyo's"));
    }
    sandbox.stop().await;
    result
}

async fn run(
    program: &OsStr,
    words: &[OsString],
    variables: &[(String, OsString)],
    signals: Signals,
) -> Result<Exit, CommandError> {
    let variables = variables.iter().map(|(name, value)| (name, value));
    let mut command = Command::new(program);
    command.args(words).envs(variables).kill_on_drop(true);
    match start(&mut command, Resource::Process) {
        Ok((child, _ended_with_flowcheck)) => signals.pass_on_to(child).await,
        Err(error) => {
            let code = if error.kind() == io::ErrorKind::NotFound { NOT_FOUND } else { NOT_RUNNABLE };
            Err(CommandError::new(Exit::Command(code), format!("cannot run {}: {error}", program.display())))
        }
    }
}

/// The signals that a command is to get.
struct Signals {
    interrupt: Stream,
    terminate: Stream,
    hang_up: Stream,
    quit: Stream,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    /// Waits for the first of them.
    async fn first(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
            _ = self.quit.recv() => {}
        }
    }

    /// Waits for the command to end, and passes signals on to it.
    async fn pass_on_to(mut self, mut child: Child) -> Result<Exit, CommandError> {
        // The terminal sends the signals of its keys to the command as well.
        let by_hand = stdin().is_terminal();
        loop {
            let signal = tokio::select! {
                ended = child.wait() => return match ended {
                    Ok(status) => Ok(Exit::Command(code(status))),
                    Err(error) => Err(CommandError::environment(format!("cannot wait for the command: {error}"))),
                },
                _ = self.terminate.recv() => Signal::SIGTERM,
                _ = self.hang_up.recv() => Signal::SIGHUP,
                _ = self.interrupt.recv() => if by_hand { continue } else { Signal::SIGINT },
                _ = self.quit.recv() => if by_hand { continue } else { Signal::SIGQUIT },
            };
            if let Some(id) = child.id().and_then(|id| i32::try_from(id).ok()) {
                // An error only says that the command has ended.
                let _ = kill(Pid::from_raw(id), signal);
            }
        }
    }
}

fn code(status: ExitStatus) -> u8 {
    let by_signal = || status.signal().and_then(|signal| u8::try_from(signal).ok()).map(|signal| BY_SIGNAL + signal);
    status.code().and_then(|code| u8::try_from(code).ok()).or_else(by_signal).unwrap_or(u8::MAX)
}
