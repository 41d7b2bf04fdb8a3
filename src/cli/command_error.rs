//! Why a command ends without having done its work.

use crate::browser::{NotFound, RemoteError};
use crate::cli::Exit;
use crate::cli::store::{ResumeError, StoredRunError, WriteError};
use crate::cli::terminal::console;
use crate::evidence::error_chain;
use crate::runner::RunError;
use crate::scenario::Diagnostics;

/// Why a command ends without having done its work, and with which exit code.
#[derive(Debug)]
pub(in crate::cli) struct CommandError {
    exit: Exit,
    cause: Cause,
    /// Printed last: what became of the command's work.
    consequence: Option<String>,
}

#[derive(Debug)]
enum Cause {
    /// A problem, and what the user can do about it.
    Problem { what: String, remedy: Option<String> },
    /// Mistakes in a file, which are printed with their lines.
    Mistakes(Diagnostics),
}

impl CommandError {
    /// A problem that ends the program with this code.
    pub(in crate::cli) fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, cause: Cause::Problem { what: what.into(), remedy: None }, consequence: None }
    }

    /// The arguments, the configuration or a scenario are at fault.
    pub(in crate::cli) fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    /// This machine or the harness is at fault.
    pub(in crate::cli) fn environment(what: impl Into<String>) -> Self {
        Self::new(Exit::Environment, what)
    }

    /// Adds what the user can do about the problem. Mistakes in a file have their own advice.
    pub(in crate::cli) fn remedy(mut self, advice: impl Into<String>) -> Self {
        if let Cause::Problem { remedy, .. } = &mut self.cause {
            *remedy = Some(advice.into());
        }
        self
    }

    /// The same, where that is known.
    pub(in crate::cli) fn remedy_if_known(self, advice: Option<&str>) -> Self {
        match advice {
            Some(advice) => self.remedy(advice),
            None => self,
        }
    }

    /// Adds what became of the command's work, such as that nothing was written, unless that is said already.
    pub(in crate::cli) fn consequence(mut self, consequence: impl Into<String>) -> Self {
        self.consequence.get_or_insert_with(|| consequence.into());
        self
    }

    /// Prints it on standard error; returns the exit code that goes with it.
    pub(in crate::cli) fn print(&self) -> Exit {
        console::print_error_line(self.text(console::colour_on_stderr()));
        self.exit
    }

    fn text(&self, colour: bool) -> String {
        let mut text = match &self.cause {
            Cause::Problem { what, remedy: Some(remedy) } => format!("error: {what}\n{remedy}"),
            Cause::Problem { what, remedy: None } => format!("error: {what}"),
            Cause::Mistakes(mistakes) => mistakes.render(colour).trim_end().to_owned(),
        };
        if let Some(consequence) = &self.consequence {
            text.push('\n');
            text.push_str(consequence);
        }
        text
    }
}

/// Prints what could not be written. Returns the verdict's exit code, or where that would say that all is well, the failure's.
pub(in crate::cli) fn exit_after(failed: Vec<WriteError>, verdict: Exit) -> Exit {
    let failed = failed.into_iter().map(|error| CommandError::from(error).print());
    match failed.last() {
        Some(failure) if verdict.code() == Exit::Good.code() => failure,
        _ => verdict,
    }
}

impl From<Diagnostics> for CommandError {
    fn from(mistakes: Diagnostics) -> Self {
        Self { exit: Exit::Usage, cause: Cause::Mistakes(mistakes), consequence: None }
    }
}

impl From<NotFound> for CommandError {
    fn from(error: NotFound) -> Self {
        Self::environment(error.problem()).remedy(error.remedy())
    }
}

impl From<RunError> for CommandError {
    fn from(error: RunError) -> Self {
        Self::environment(error_chain(&error)).remedy_if_known(error.remedy())
    }
}

impl From<RemoteError> for CommandError {
    fn from(error: RemoteError) -> Self {
        Self::usage(error_chain(&error)).remedy_if_known(error.remedy().as_deref())
    }
}

impl From<StoredRunError> for CommandError {
    fn from(error: StoredRunError) -> Self {
        Self::usage(error_chain(&error))
    }
}

impl From<ResumeError> for CommandError {
    fn from(error: ResumeError) -> Self {
        Self::usage(error_chain(&error))
    }
}

impl From<WriteError> for CommandError {
    fn from(error: WriteError) -> Self {
        Self::environment(error_chain(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_followed_by_its_remedy_and_by_what_became_of_the_work() {
        let error = CommandError::usage("there is no x.yaml").remedy("write one").consequence("nothing was written");
        assert_eq!(error.text(false), "error: there is no x.yaml\nwrite one\nnothing was written");
        assert_eq!(CommandError::environment("no port").text(false), "error: no port");
    }

    #[test]
    fn mistakes_in_a_file_are_shown_with_their_lines_and_keep_their_own_advice() {
        let mistakes = crate::scenario::parse_scenario("x.yaml", "id: a/b\n").expect_err("most of it is missing");
        let error = CommandError::from(mistakes).remedy("not shown").consequence("nothing was written");
        let text = error.text(false);
        assert!(text.starts_with("error") && text.contains("x.yaml:1"), "{text}");
        assert!(text.ends_with("nothing was written") && !text.contains("not shown"), "{text}");
    }
}
