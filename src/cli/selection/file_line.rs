//! `FILE:LINE`, as reports print it: the items that a line of a scenario's `expects` names.

use crate::cli::command_error::CommandError;
use crate::scenario::Loaded;

/// Reduces a scenario to the items that these lines of its file name. A line that names none is an error that says what it holds.
pub(super) fn only_items_on(scenario: &Loaded, text: &str, lines: &[u32]) -> Result<Loaded, CommandError> {
    for line in lines {
        if !scenario.script.expects.iter().any(|item| item.line == *line) {
            return Err(names_no_item(scenario, text, *line));
        }
    }
    let mut reduced = scenario.clone();
    reduced.script.expects.retain(|item| lines.contains(&item.line));
    Ok(reduced)
}

fn names_no_item(scenario: &Loaded, text: &str, line: u32) -> CommandError {
    let Loaded { file, script } = scenario;
    let index = usize::try_from(line).unwrap_or(usize::MAX).checked_sub(1);
    let what = match index.and_then(|index| text.lines().nth(index)).map(str::trim) {
        None => format!("{file} has {} lines, and no line {line}", text.lines().count()),
        Some("") => format!("line {line} of {file} is empty, and names no item of the checklist"),
        Some(found) if script.steps.iter().any(|step| step.line == line) => {
            format!("line {line} of {file} is a step, `{found}`, and names no item of the checklist")
        }
        Some(found) => format!("line {line} of {file} is `{found}`, and names no item of the checklist"),
    };
    let items: Vec<String> =
        script.expects.iter().map(|item| format!("{file}:{}  {}", item.line, item.value)).collect();
    CommandError::usage(what)
        .remedy(format!("name a line of its `expects`, or the file alone for all its items:\n  {}", items.join("\n  ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{builtin, parse_scenario};

    fn signed_out() -> (Loaded, &'static str) {
        let file =
            builtin().iter().find(|one| one.file == "scenarios/install/signed-out.yaml").expect("it is built in");
        (parse_scenario(file.file, file.source).expect("it is sound"), file.source)
    }

    fn refusal(line: u32) -> String {
        let (scenario, text) = signed_out();
        format!("{:?}", only_items_on(&scenario, text, &[line]).expect_err("the line names no item"))
    }

    #[test]
    fn a_line_that_names_an_item_leaves_that_item_alone() {
        let (scenario, text) = signed_out();
        let second = &scenario.script.expects[1];
        let reduced = only_items_on(&scenario, text, &[second.line]).expect("the line names an item");
        let left: Vec<&str> = reduced.script.expects.iter().map(|item| item.value.as_str()).collect();
        assert_eq!(left, [second.value.as_str()]);
        assert_eq!(reduced.script.steps.len(), scenario.script.steps.len(), "every step is played");
    }

    #[test]
    fn several_lines_leave_the_items_of_all_of_them() {
        let (scenario, text) = signed_out();
        let lines: Vec<u32> = scenario.script.expects.iter().take(2).map(|item| item.line).collect();
        assert_eq!(only_items_on(&scenario, text, &lines).expect("both name an item").script.expects.len(), 2);
    }

    #[test]
    fn a_line_that_names_no_item_is_refused_with_what_it_holds() {
        let (scenario, text) = signed_out();
        let step = &scenario.script.steps[0];
        assert!(refusal(step.line).contains("is a step, `- install: klaviyo`"), "{}", refusal(step.line));
        assert!(refusal(1).contains("is `id: install/signed-out`"), "{}", refusal(1));
        assert!(refusal(0).contains("and no line 0"), "{}", refusal(0));
        let end = u32::try_from(text.lines().count()).expect("it is short");
        let beyond = refusal(end + 1);
        assert!(beyond.contains(&format!("has {end} lines, and no line {}", end + 1)), "{beyond}");
        let first = &scenario.script.expects[0];
        assert!(beyond.contains(&format!("signed-out.yaml:{}  {}", first.line, first.value)), "{beyond}");
    }
}
