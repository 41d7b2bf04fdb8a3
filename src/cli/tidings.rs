//! Printing a run's progress while it goes on.

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::screen;
use crate::evidence::Progress;
use crate::report::progress_line;

/// Prints what comes until the sender is gone.
pub(super) fn print(mut progress: mpsc::UnboundedReceiver<Progress>, quiet: bool) -> JoinHandle<()> {
    let style = screen::style();
    tokio::spawn(async move {
        while let Some(event) = progress.recv().await {
            if let Some(line) = progress_line(&event, style).filter(|_| !quiet) {
                screen::say(line);
            }
        }
    })
}
