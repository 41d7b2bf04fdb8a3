//! `flowcheck explain`: what an item asks for, and how it is judged.

use super::main::complain;
use crate::checklist::{Tier, catalogue, find};
use crate::cli::screen::say;
use crate::cli::{Exit, select};

/// Prints an item.
pub(super) fn explain(id: &str) -> Exit {
    let Some(item) = find(id) else {
        let hint = match select::nearest(id, catalogue().iter().map(|item| item.id)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`flowcheck list` names them all".to_owned(),
        };
        return complain(Exit::Usage, &format!("the checklist has no item `{id}`; {hint}"));
    };
    let tier = match item.tier {
        Tier::Gate => "a failure fails the checklist",
        Tier::Hardening => "a failure warns, and fails the checklist under --strict",
    };
    say(format_args!("{}\n", item.id));
    say(format_args!("  Required   {}", item.requirement));
    say(format_args!("  Asked by   {}", item.source));
    say(format_args!("  Judged by  {}", item.judged));
    say(format_args!("  Counts     {tier}"));
    let scenarios: Vec<String> = select::known(false)
        .unwrap_or_default()
        .iter()
        .filter(|scenario| scenario.script.expects.iter().any(|expected| expected.value == item.id))
        .map(|scenario| scenario.script.id.value.clone())
        .collect();
    say(format_args!("  Seen in    {}", scenarios.join(", ")));
    say(format_args!("  Run it     flowcheck run {}", scenarios.first().map_or("", String::as_str)));
    Exit::Good
}
