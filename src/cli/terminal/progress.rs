//! A run's progress, printed while it runs: as a live display, as lines, as JSON, or not at all.

use std::io::{IsTerminal, stdout};

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::console;
use super::live_progress::LiveProgress;
use crate::cli::arguments::{LogFormat, RunArguments};
use crate::cli::ci;
use crate::evidence::Progress;
use crate::report::progress_line;

/// How a run's progress is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum ProgressOutput {
    /// Not at all.
    Silent,
    /// A line for each scenario that ended.
    Lines,
    /// A JSON document for each event, a line each.
    Json,
    /// A display of what each worker does, redrawn in place.
    Live,
}

impl ProgressOutput {
    /// How the progress of this run is printed.
    pub(in crate::cli) fn of(arguments: &RunArguments) -> Self {
        // A live display would overwrite the questions to the person.
        let asks = arguments.step || arguments.keep_open;
        let watched = stdout().is_terminal() && !asks && !ci::is_ci() && !console::is_dumb();
        match arguments.log_format {
            LogFormat::Json => Self::Json,
            LogFormat::Text if arguments.quiet || arguments.print_expected => Self::Silent,
            LogFormat::Text if watched => Self::Live,
            LogFormat::Text => Self::Lines,
        }
    }

    pub(in crate::cli) fn is_json(self) -> bool {
        self == Self::Json
    }

    pub(in crate::cli) fn is_silent(self) -> bool {
        self == Self::Silent
    }
}

/// Prints events until the sender is dropped.
pub(in crate::cli) fn print_progress(
    mut progress: mpsc::UnboundedReceiver<Progress>,
    output: ProgressOutput,
) -> JoinHandle<()> {
    let style = console::style();
    tokio::spawn(async move {
        let mut live = (output == ProgressOutput::Live).then(|| LiveProgress::new(style));
        while let Some(event) = progress.recv().await {
            if let Some(live) = &mut live {
                live.take(&event);
            } else if output == ProgressOutput::Json {
                // The keys of an event's maps are texts, so it always serialises.
                console::print_json(serde_json::to_string(&event).unwrap_or_default());
            } else if output == ProgressOutput::Lines
                && let Some(line) = progress_line(&event, style)
            {
                console::print_line(line);
            }
        }
    })
}
