//! `flowcheck list`: the scenarios, with the items each judges.

use super::main::complain;
use crate::cli::{Exit, screen, select};

/// Prints them.
pub(super) fn list() -> Exit {
    let known = match select::known(screen::colour_on_stderr()) {
        Ok(known) => known,
        Err(what) => return complain(Exit::Usage, &what),
    };
    for scenario in known {
        let script = &scenario.script;
        screen::say(format_args!("{:<28} {}", script.id.value, script.title));
        for item in &script.expects {
            screen::say(format_args!("{:<28}   {}", "", item.value));
        }
    }
    Exit::Good
}
