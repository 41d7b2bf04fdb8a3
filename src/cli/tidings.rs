//! Printing a run's progress while it goes on: as a live board, as lines, as JSON, or not at all.

use std::io::{IsTerminal, stdout};

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::arguments::{LogFormat, RunArguments};
use super::board::Board;
use super::{ci, screen};
use crate::evidence::Progress;
use crate::report::progress_line;

/// How progress is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Not at all.
    Silent,
    /// A line for each scenario that ended.
    Lines,
    /// A JSON document for each event, a line each.
    Json,
    /// Who does what, drawn over and over.
    Board,
}

impl Manner {
    /// How this run is told of.
    pub(super) fn of(arguments: &RunArguments) -> Self {
        // A board would be drawn over what the person is asked.
        let asks = arguments.step || arguments.keep_open;
        let watched = stdout().is_terminal() && !asks && !ci::is_ci() && !screen::is_dumb();
        match arguments.log_format {
            LogFormat::Json => Self::Json,
            LogFormat::Text if arguments.quiet || arguments.print_expected => Self::Silent,
            LogFormat::Text if watched => Self::Board,
            LogFormat::Text => Self::Lines,
        }
    }

    pub(super) fn speaks_json(self) -> bool {
        self == Self::Json
    }

    pub(super) fn is_told(self) -> bool {
        self != Self::Silent
    }
}

/// Prints what comes until the sender is gone.
pub(super) fn print(mut progress: mpsc::UnboundedReceiver<Progress>, manner: Manner) -> JoinHandle<()> {
    let style = screen::style();
    tokio::spawn(async move {
        let mut board = (manner == Manner::Board).then(|| Board::new(style));
        while let Some(event) = progress.recv().await {
            if let Some(board) = &mut board {
                board.take(&event);
            } else if manner == Manner::Json {
                // Events hold no maps but with text for keys, so they always serialise.
                screen::say(serde_json::to_string(&event).unwrap_or_default());
            } else if manner == Manner::Lines
                && let Some(line) = progress_line(&event, style)
            {
                screen::say(line);
            }
        }
    })
}
