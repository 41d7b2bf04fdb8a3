//! Questions to the user at the terminal. Without a terminal, a missing answer is an error that names the flag for it.

use std::io::{IsTerminal as _, stderr, stdin};

use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, Input, Password};

use super::console;
use crate::cli::Exit;
use crate::cli::command_error::CommandError;

/// Asks the user, where there is a terminal.
pub(in crate::cli) struct Prompt {
    theme: Option<ColorfulTheme>,
}

/// What is missing where there is no terminal to ask at, and the flag that gives it.
#[derive(Debug, Clone)]
pub(in crate::cli) struct MissingAnswer {
    /// What is not known.
    pub(in crate::cli) what: String,
    /// How to give it on the command line.
    pub(in crate::cli) flag: String,
}

impl MissingAnswer {
    /// An answer that is missing.
    pub(in crate::cli) fn new(what: impl Into<String>, flag: impl Into<String>) -> Self {
        Self { what: what.into(), flag: flag.into() }
    }
}

impl From<&MissingAnswer> for CommandError {
    fn from(missing: &MissingAnswer) -> Self {
        Self::usage(&missing.what).remedy(&missing.flag)
    }
}

impl Prompt {
    /// Asks at this process's terminal, if it has one.
    pub(in crate::cli) fn new() -> Self {
        let terminal = stdin().is_terminal() && stderr().is_terminal() && !console::is_dumb();
        Self { theme: terminal.then(ColorfulTheme::default) }
    }

    /// Asks for a line of text that may be left empty. None where it was, or where there is no terminal.
    pub(in crate::cli) fn optional_line(&self, question: &str) -> Result<Option<String>, CommandError> {
        let Some(theme) = &self.theme else { return Ok(None) };
        let answer = Input::<String>::with_theme(theme).with_prompt(question).allow_empty(true).interact_text();
        answer.map(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty())).map_err(no_answer)
    }

    /// The same, for an answer that is `wrong` in some way until it is right: it is asked for again, with what is wrong about it.
    pub(in crate::cli) fn checked_line(
        &self,
        question: &str,
        wrong: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<String>, CommandError> {
        let Some(theme) = &self.theme else { return Ok(None) };
        let check = |text: &String| match wrong(text.trim()) {
            Some(wrong) if !text.trim().is_empty() => Err(wrong),
            _ => Ok(()),
        };
        let input = Input::<String>::with_theme(theme).with_prompt(question).allow_empty(true).validate_with(check);
        let answer = input.interact_text();
        answer.map(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty())).map_err(no_answer)
    }

    /// The same, with an answer that is there already, to be sent or changed.
    pub(in crate::cli) fn line_with(&self, question: &str, answer: &str) -> Result<Option<String>, CommandError> {
        let Some(theme) = &self.theme else { return Ok(None) };
        let input =
            Input::<String>::with_theme(theme).with_prompt(question).with_initial_text(answer).allow_empty(true);
        let answer = input.interact_text();
        answer.map(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty())).map_err(no_answer)
    }

    /// Asks whether something may be done; it may not where there is no terminal.
    pub(in crate::cli) fn may(&self, question: &str) -> Result<bool, CommandError> {
        let Some(theme) = &self.theme else { return Ok(false) };
        Confirm::with_theme(theme).with_prompt(question).default(false).interact().map_err(no_answer)
    }

    /// Asks for a secret, which is not shown while it is typed, and may be empty.
    pub(in crate::cli) fn secret(&self, question: &str, missing: &MissingAnswer) -> Result<String, CommandError> {
        let theme = self.theme.as_ref().ok_or(missing)?;
        Password::with_theme(theme).with_prompt(question).allow_empty_password(true).interact().map_err(no_answer)
    }

    /// Asks for a secret that may be left empty. None where it was, or where there is no terminal.
    pub(in crate::cli) fn optional_secret(&self, question: &str) -> Result<Option<String>, CommandError> {
        let Some(theme) = &self.theme else { return Ok(None) };
        let answer = Password::with_theme(theme).with_prompt(question).allow_empty_password(true).interact();
        answer.map(|text| Some(text).filter(|text| !text.is_empty())).map_err(no_answer)
    }
}

fn no_answer(error: dialoguer::Error) -> CommandError {
    let dialoguer::Error::IO(error) = error;
    if error.kind() == std::io::ErrorKind::Interrupted {
        // The question is still on its line.
        console::print_error_line("");
        CommandError::new(Exit::Command(130), "interrupted")
    } else {
        CommandError::usage(format!("the terminal gave no answer: {error}"))
    }
}
