//! Asking the user in the terminal; where there is none, an answer that is missing is a mistake that names its flag.

use std::io::{IsTerminal as _, stderr, stdin};

use dialoguer::theme::ColorfulTheme;
use dialoguer::{Input, Password};

use super::console;
use crate::cli::Exit;

/// Asks the user, where there is one to ask.
pub(in crate::cli) struct Prompt {
    theme: Option<ColorfulTheme>,
}

/// No answer, with how the program is to end and what to say.
pub(in crate::cli) type NoAnswer = (Exit, String);

impl Prompt {
    /// Asks at this process's terminal, where it has one.
    pub(in crate::cli) fn here() -> Self {
        let theme = stdin().is_terminal() && stderr().is_terminal() && !console::is_dumb();
        Self { theme: theme.then(ColorfulTheme::default) }
    }

    /// Whether there is anybody to ask.
    pub(in crate::cli) fn can_ask(&self) -> bool {
        self.theme.is_some()
    }

    /// A line of text; none where it was left empty. Without a terminal, `missing` says which flag gives it.
    pub(in crate::cli) fn line(&self, question: &str, missing: &str) -> Result<Option<String>, NoAnswer> {
        let theme = self.theme.as_ref().ok_or_else(|| (Exit::Usage, missing.to_owned()))?;
        let answer = Input::<String>::with_theme(theme).with_prompt(question).allow_empty(true).interact_text();
        answer.map(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty())).map_err(left)
    }

    /// The same, of what must not be left empty.
    pub(in crate::cli) fn needed_line(&self, question: &str, missing: &str) -> Result<String, NoAnswer> {
        let theme = self.theme.as_ref().ok_or_else(|| (Exit::Usage, missing.to_owned()))?;
        let answer = Input::<String>::with_theme(theme).with_prompt(question).interact_text();
        answer.map(|text| text.trim().to_owned()).map_err(left)
    }

    /// What must not be seen.
    pub(in crate::cli) fn secret(&self, question: &str, missing: &str) -> Result<String, NoAnswer> {
        let theme = self.theme.as_ref().ok_or_else(|| (Exit::Usage, missing.to_owned()))?;
        Password::with_theme(theme).with_prompt(question).interact().map_err(left)
    }
}

fn left(error: dialoguer::Error) -> NoAnswer {
    let dialoguer::Error::IO(error) = error;
    if error.kind() == std::io::ErrorKind::Interrupted {
        (Exit::Command(130), "interrupted; nothing was written".to_owned())
    } else {
        (Exit::Usage, format!("the terminal gave no answer: {error}"))
    }
}
