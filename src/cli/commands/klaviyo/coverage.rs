//! `flowcheck coverage`: what the fake Klaviyo models, how deeply, and the sources of its OAuth behaviour.

use crate::cli::Exit;
use crate::cli::command_error::CommandError;
use crate::cli::terminal::console;
use crate::klaviyo::coverage::{Depth, OperationCoverage, behaviours, operations, revisions};

/// Prints the counts, every operation of the revision, and every OAuth behaviour with its marks.
pub(in crate::cli) fn coverage_of_klaviyo(revision: Option<&str>) -> Result<Exit, CommandError> {
    let served = revisions();
    let revision = match revision {
        Some(wanted) if served.contains(&wanted.strip_suffix(".pre").unwrap_or(wanted)) => wanted,
        Some(unknown) => {
            let problem = format!("no revision {unknown} is served; there are {}", served.join(", "));
            return Err(CommandError::usage(problem));
        }
        None => served.last().copied().unwrap_or_default(),
    };
    let operations: Vec<OperationCoverage> = operations().into_iter().filter(|one| one.is_in(revision)).collect();
    console::print_line(text(revision, &operations).trim_end());
    Ok(Exit::Good)
}

fn text(revision: &str, operations: &[OperationCoverage]) -> String {
    let count = |depth: Depth| operations.iter().filter(|one| one.depth == depth).count();
    let gaps = count(Depth::Gap);
    let mut lines = vec![
        format!("{} of {} operations of revision {revision} are modelled", operations.len() - gaps, operations.len()),
        format!("  {:>3} stateful  read or change what the account has", count(Depth::Stateful)),
        format!("  {:>3} generic   answer in the published form, whatever the account has", count(Depth::Generic)),
        format!("  {gaps:>3} gap       answer 501 with X-Flowcheck: mock-gap"),
        String::new(),
    ];
    lines.extend(operations.iter().map(|one| format!("{:<8}  {:<6}  {}", word(one.depth), one.method, one.path)));
    lines.push(String::new());
    lines.push(
        "OAuth, and where it is known from: S review guides, D developer docs, O observed, P published description, \
         R RFC, A assumed"
            .to_owned(),
    );
    lines.extend(behaviours().iter().map(|one| format!("{:<5}  {:<9}  {}", one.marks, one.about, one.text)));
    lines.join("\n") + "\n"
}

fn word(depth: Depth) -> &'static str {
    match depth {
        Depth::Stateful => "stateful",
        Depth::Generic => "generic",
        Depth::Gap => "gap",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_come_first_and_every_operation_has_a_line() {
        let operations = operations();
        let text = text("2026-10-15", &operations);
        assert!(text.starts_with(&format!("{} of {}", operations.len(), operations.len())), "{text}");
        for operation in &operations {
            assert!(text.contains(operation.path), "{}", operation.operation);
        }
    }
}
