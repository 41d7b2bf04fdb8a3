//! `flowcheck list`: the scenarios, with their items, tags, last result and duration.

use std::time::Duration;

use crate::cli::arguments::ListArguments;
use crate::cli::command_error::CommandError;
use crate::cli::terminal::console;
use crate::cli::{Exit, selection, store};
use crate::report::{duration, verdict_mark};

/// Prints the scenarios.
pub(in crate::cli) fn list(arguments: &ListArguments) -> Result<Exit, CommandError> {
    let known = selection::tagged(selection::built_in()?, &arguments.tag)?;
    let history = store::history(&arguments.output);
    let style = console::style();
    for scenario in known {
        let script = &scenario.script;
        console::print_line(format_args!("{:<28} {}", script.id.value, script.title));
        if let Some(last) = history.last(&script.id.value) {
            let day = last.when.get(..10).unwrap_or_default();
            let took = duration(Duration::from_millis(last.took_ms));
            console::print_line(format_args!("{:<28}   {}  {took}, {day}", "", verdict_mark(last.verdict, style)));
        }
        console::print_line(format_args!("{:<28}   tags {}", "", script.tags().join(", ")));
        for item in &script.expects {
            console::print_line(format_args!("{:<28}   {}", "", item.value));
        }
    }
    Ok(Exit::Good)
}
