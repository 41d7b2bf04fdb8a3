//! `flowcheck explain`: one item of the checklist.

use crate::checklist::{catalogue, find};
use crate::cli::command_error::CommandError;
use crate::cli::terminal::console::{self, print_line};
use crate::cli::{Exit, selection};
use crate::report::explanation;

/// Prints an item, with the sketch for one framework or for all.
pub(in crate::cli) fn explain(id: &str, framework: Option<&str>) -> Result<Exit, CommandError> {
    let Some(item) = find(id) else {
        let begun: Vec<&str> =
            catalogue().iter().map(|item| item.id).filter(|known| known.starts_with(&format!("{id}."))).collect();
        let hint = match selection::nearest(id, catalogue().iter().map(|item| item.id)) {
            _ if !begun.is_empty() => format!("these begin with it: {}", begun.join(", ")),
            Some(near) => format!("did you mean `{near}`?"),
            None => "`flowcheck list` names them all".to_owned(),
        };
        return Err(CommandError::usage(format!("the checklist has no item `{id}`; {hint}")));
    };
    let known = selection::built_in()?;
    let scenarios: Vec<&str> = known
        .iter()
        .filter(|scenario| scenario.script.expects.iter().any(|expected| expected.value == item.id))
        .map(|scenario| scenario.script.id.value.as_str())
        .collect();
    print_line(explanation(item, &scenarios, framework, console::style(), console::width()).trim_end());
    Ok(Exit::Good)
}
