//! `flowcheck list`: the scenarios: what each judges, its tags, how it ended last and how long it took.

use std::time::Duration;

use crate::cli::arguments::ListArguments;
use crate::cli::commands::main::complain;
use crate::cli::terminal::console;
use crate::cli::{Exit, selection, store};
use crate::report::{duration, verdict_mark};

/// Prints them.
pub(in crate::cli) fn list(arguments: &ListArguments) -> Exit {
    let known = match selection::built_in(console::colour_on_stderr()) {
        Ok(known) => known,
        Err(what) => return complain(Exit::Usage, &what),
    };
    let known = match selection::tagged(known, &arguments.tag) {
        Ok(known) => known,
        Err(what) => return complain(Exit::Usage, &what),
    };
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
    Exit::Good
}
