//! Printing a run's progress while it goes on: as a live board, as lines, as JSON, or not at all.

use std::io::{IsTerminal, stdout};

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::console;
use super::live_progress::LiveProgress;
use crate::cli::arguments::{LogFormat, RunArguments};
use crate::cli::ci;
use crate::evidence::Progress;
use crate::report::progress_line;

/// How progress is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum ProgressOutput {
    /// Not at all.
    Silent,
    /// A line for each scenario that ended.
    Lines,
    /// A JSON document for each event, a line each.
    Json,
    /// Who does what, drawn over and over.
    LiveProgress,
}

impl ProgressOutput {
    /// How this run is told of.
    pub(in crate::cli) fn of(arguments: &RunArguments) -> Self {
        // A board would be drawn over what the person is asked.
        let asks = arguments.step || arguments.keep_open;
        let watched = stdout().is_terminal() && !asks && !ci::is_ci() && !console::is_dumb();
        match arguments.log_format {
            LogFormat::Json => Self::Json,
            LogFormat::Text if arguments.quiet || arguments.print_expected => Self::Silent,
            LogFormat::Text if watched => Self::LiveProgress,
            LogFormat::Text => Self::Lines,
        }
    }

    pub(in crate::cli) fn speaks_json(self) -> bool {
        self == Self::Json
    }

    pub(in crate::cli) fn is_told(self) -> bool {
        self != Self::Silent
    }
}

/// Prints what comes until the sender is gone.
pub(in crate::cli) fn print_progress(
    mut progress: mpsc::UnboundedReceiver<Progress>,
    output: ProgressOutput,
) -> JoinHandle<()> {
    let style = console::style();
    tokio::spawn(async move {
        let mut board = (output == ProgressOutput::LiveProgress).then(|| LiveProgress::new(style));
        while let Some(event) = progress.recv().await {
            if let Some(board) = &mut board {
                board.take(&event);
            } else if output == ProgressOutput::Json {
                // Events hold no maps but with text for keys, so they always serialise.
                console::print_line(serde_json::to_string(&event).unwrap_or_default());
            } else if output == ProgressOutput::Lines
                && let Some(line) = progress_line(&event, style)
            {
                console::print_line(line);
            }
        }
    })
}
