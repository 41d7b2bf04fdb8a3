//! The terminal: how wide, whether it takes colours, and printing to it.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write, stderr, stdout};

use terminal_size::{Width, terminal_size};

use crate::report::Style;

/// Columns where there is no terminal to ask.
const USUAL: usize = 100;

/// Prints a line. A reader who has gone away (`flowcheck list | head`) misses nothing it wanted, and ends no run.
pub(super) fn say(line: impl Display) {
    print(stdout().lock(), line);
}

/// The same, on standard error.
pub(super) fn say_aside(line: impl Display) {
    print(stderr().lock(), line);
}

fn print(mut to: impl Write, line: impl Display) {
    if let Err(error) = writeln!(to, "{line}").and_then(|()| to.flush())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        tracing::error!(%error, "a line could not be printed");
    }
}

/// Columns to fill; at most a comfortable line.
pub(super) fn width() -> usize {
    terminal_size().map_or(USUAL, |(Width(columns), _)| usize::from(columns).clamp(40, 140))
}

/// Colours on a terminal, unless `NO_COLOR` or `TERM=dumb` say otherwise; `CLICOLOR_FORCE` wants them anywhere.
pub(super) fn style() -> Style {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if set("NO_COLOR") {
        Style::Plain
    } else if set("CLICOLOR_FORCE") || stdout().is_terminal() && !dumb {
        Style::Colour
    } else {
        Style::Plain
    }
}

/// Whether diagnostics on standard error may carry colours.
pub(super) fn colour_on_stderr() -> bool {
    stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
