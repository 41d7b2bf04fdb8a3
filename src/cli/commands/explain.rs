//! `flowcheck explain`: one item of the checklist.

use super::main::complain;
use crate::checklist::{catalogue, find};
use crate::cli::screen::{self, say};
use crate::cli::{Exit, select};
use crate::report::explanation;

/// Prints an item, with the sketch for one framework or for all.
pub(super) fn explain(id: &str, framework: Option<&str>) -> Exit {
    let Some(item) = find(id) else {
        let begun: Vec<&str> =
            catalogue().iter().map(|item| item.id).filter(|known| known.starts_with(&format!("{id}."))).collect();
        let hint = match select::nearest(id, catalogue().iter().map(|item| item.id)) {
            _ if !begun.is_empty() => format!("these begin so: {}", begun.join(", ")),
            Some(near) => format!("did you mean `{near}`?"),
            None => "`flowcheck list` names them all".to_owned(),
        };
        return complain(Exit::Usage, &format!("the checklist has no item `{id}`; {hint}"));
    };
    let known = select::known(false).unwrap_or_default();
    let scenarios: Vec<&str> = known
        .iter()
        .filter(|scenario| scenario.script.expects.iter().any(|expected| expected.value == item.id))
        .map(|scenario| scenario.script.id.value.as_str())
        .collect();
    say(explanation(item, &scenarios, framework, screen::style(), screen::width()).trim_end());
    Exit::Good
}
