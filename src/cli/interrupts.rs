//! Signals that ask the program to end: Ctrl-C, SIGTERM, and the closing of its terminal.

use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Notify, mpsc, watch};

use crate::cli::command_error::CommandError;
use crate::evidence::Progress;

/// A listener for these signals. Without one, a signal ends the program at once, and leaves behind whatever was started.
#[derive(Debug)]
pub(super) struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
    hangup: Option<Signal>,
}

impl Interrupts {
    /// Begins to listen; must be called before anything is started that has to be ended.
    pub(super) fn listen() -> Result<Self, CommandError> {
        let listen = |kind| {
            signal(kind).map_err(|error| CommandError::environment(format!("could not listen for signals: {error}")))
        };
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: if hangup_is_ignored() { None } else { Some(listen(SignalKind::hangup())?) },
        })
    }

    /// A flag that the first signal sets, so that a run ends early. Later signals change nothing: whatever was started is ended in
    /// any case.
    pub(super) fn stop(self, progress: &mpsc::UnboundedSender<Progress>) -> watch::Receiver<bool> {
        self.stop_or(progress, Arc::default())
    }

    /// The same flag, also set when `quit` is notified.
    pub(super) fn stop_or(
        mut self,
        progress: &mpsc::UnboundedSender<Progress>,
        quit: Arc<Notify>,
    ) -> watch::Receiver<bool> {
        let (stop, stopped) = watch::channel(false);
        // A strong sender would keep the reader of the progress waiting for more.
        let progress = progress.downgrade();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = self.next() => {}
                    () = quit.notified() => {}
                }
                if !stop.send_replace(true)
                    && let Some(progress) = progress.upgrade()
                {
                    let _ = progress.send(Progress::Interrupted);
                }
            }
        });
        stopped
    }

    /// Waits for the next signal.
    pub(super) async fn next(&mut self) {
        let Self { interrupt, terminate, hangup } = self;
        let hung_up = async {
            match hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hung_up => {}
        }
    }
}

/// Whether the program was started by `nohup`, and is to outlive its terminal. Only Linux tells.
fn hangup_is_ignored() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores_hangup(&status))
}

fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // Signals count from 1, and SIGHUP is the first.
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nohup_is_told_by_the_mask_of_ignored_signals() {
        assert!(ignores_hangup("SigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n"));
        assert!(!ignores_hangup("SigIgn:\t0000000000001000\n"));
        assert!(!ignores_hangup("Name:\tflowcheck\n"));
    }
}
