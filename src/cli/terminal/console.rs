//! Printing to the terminal, its width, and whether it takes colours.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write, stderr, stdout};
use std::time::Duration;

use indicatif::ProgressBar;
use terminal_size::{Width, terminal_size};

use super::ci_commands::{Form, neutralized};
use crate::report::Style;
use crate::scenario::Diagnostic;

/// Columns where there is no terminal.
const DEFAULT_WIDTH: usize = 100;
/// How often a spinner turns.
const TICK: Duration = Duration::from_millis(120);

/// Prints a line on standard output. A closed pipe (`flowcheck list | head`) is no error.
pub(in crate::cli) fn print_line(line: impl Display) {
    print(stdout().lock(), &neutralized(&line.to_string(), Form::Text));
}

/// Prints a line on standard error.
pub(in crate::cli) fn print_error_line(line: impl Display) {
    print(stderr().lock(), &neutralized(&line.to_string(), Form::Text));
}

/// Prints a JSON document on standard output.
pub(in crate::cli) fn print_json(document: impl Display) {
    print(stdout().lock(), &neutralized(&document.to_string(), Form::Json));
}

/// Prints commands that a CI runner or a shell is to obey; whoever makes them escapes what the app chose.
pub(in crate::cli) fn print_commands(commands: &str) {
    print(stdout().lock(), commands);
}

/// Standard error for diagnostics of `tracing`, which quote the app.
pub(in crate::cli) struct Diagnostics;

impl Write for Diagnostics {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        stderr().write_all(neutralized(&String::from_utf8_lossy(bytes), Form::Text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        stderr().flush()
    }
}

/// `line` as it may be shown on a terminal that is redrawn.
pub(super) fn shown(line: &str) -> String {
    neutralized(line, Form::Text)
}

/// Prints what may be a mistake in a file, each note with its line, on standard error.
pub(in crate::cli) fn print_notes(notes: &[Diagnostic]) {
    for note in notes {
        print_error_line(note.render(colour_on_stderr()).trim_end());
    }
}

fn print(mut to: impl Write, line: &str) {
    if let Err(error) = writeln!(to, "{line}").and_then(|()| to.flush())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        tracing::error!(%error, "a line could not be printed");
    }
}

/// The terminal's width in columns, between 40 and 140.
pub(in crate::cli) fn width() -> usize {
    terminal_size().map_or(DEFAULT_WIDTH, |(Width(columns), _)| usize::from(columns).clamp(40, 140))
}

/// Colours on a terminal, unless `NO_COLOR`, `CLICOLOR=0` or `TERM=dumb` say otherwise; `FORCE_COLOR` and `CLICOLOR_FORCE`
/// want them anywhere, but `NO_COLOR` has the last word.
pub(in crate::cli) fn style() -> Style {
    if colours(stdout().is_terminal(), &|name| std::env::var(name).ok()) { Style::Colour } else { Style::Plain }
}

/// A spinner with a message, on a terminal; hidden elsewhere.
pub(in crate::cli) fn spinner(what: &'static str) -> ProgressBar {
    if !stderr().is_terminal() || is_dumb() {
        return ProgressBar::hidden();
    }
    let spinner = ProgressBar::new_spinner().with_message(format!("{what} …"));
    spinner.enable_steady_tick(TICK);
    spinner
}

/// Whether diagnostics on standard error may carry colours.
pub(in crate::cli) fn colour_on_stderr() -> bool {
    colours(stderr().is_terminal(), &|name| std::env::var(name).ok())
}

/// Whether the terminal cannot be redrawn.
pub(in crate::cli) fn is_dumb() -> bool {
    std::env::var("TERM").is_ok_and(|term| term == "dumb")
}

fn colours(terminal: bool, variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let on = |name: &str| set(name).is_some_and(|value| value != "0" && value != "false");
    if set("NO_COLOR").is_some() {
        false
    } else if on("FORCE_COLOR") || on("CLICOLOR_FORCE") {
        true
    } else {
        let off = set("CLICOLOR").is_some_and(|value| value == "0") || set("TERM").is_some_and(|term| term == "dumb");
        terminal && !off
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_variables_decide_on_colours() {
        type Case = (bool, &'static [(&'static str, &'static str)], bool);
        let table: &[Case] = &[
            (true, &[], true),
            (false, &[], false),
            (true, &[("NO_COLOR", "1")], false),
            (true, &[("NO_COLOR", "")], true),
            (true, &[("CLICOLOR", "0")], false),
            (true, &[("TERM", "dumb")], false),
            (false, &[("CLICOLOR_FORCE", "1")], true),
            (false, &[("FORCE_COLOR", "true")], true),
            (false, &[("FORCE_COLOR", "0")], false),
            (false, &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], false),
        ];
        for (terminal, variables, wanted) in table {
            let variable =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(colours(*terminal, &variable), *wanted, "{terminal} {variables:?}");
        }
    }
}
