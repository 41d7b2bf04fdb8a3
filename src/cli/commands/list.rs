//! `flowcheck list`: the scenarios: what each judges, its tags, how it ended last and how long it took.

use std::time::Duration;

use super::main::complain;
use crate::cli::arguments::ListArguments;
use crate::cli::{Exit, kept, screen, select};
use crate::report::{duration, verdict_mark};

/// Prints them.
pub(super) fn list(arguments: &ListArguments) -> Exit {
    let known = match select::known(screen::colour_on_stderr()) {
        Ok(known) => known,
        Err(what) => return complain(Exit::Usage, &what),
    };
    let known = match select::tagged(known, &arguments.tag) {
        Ok(known) => known,
        Err(what) => return complain(Exit::Usage, &what),
    };
    let history = kept::history(&arguments.output);
    let style = screen::style();
    for scenario in known {
        let script = &scenario.script;
        screen::say(format_args!("{:<28} {}", script.id.value, script.title));
        if let Some(last) = history.last(&script.id.value) {
            let day = last.when.get(..10).unwrap_or_default();
            let took = duration(Duration::from_millis(last.took_ms));
            screen::say(format_args!("{:<28}   {}  {took}, {day}", "", verdict_mark(last.verdict, style)));
        }
        screen::say(format_args!("{:<28}   tags {}", "", script.tags().join(", ")));
        for item in &script.expects {
            screen::say(format_args!("{:<28}   {}", "", item.value));
        }
    }
    Exit::Good
}
