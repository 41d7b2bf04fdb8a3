//! Colours and symbols of text on a terminal. No other file holds escape codes.

use crate::checklist::VerdictKind;

/// Whether text may carry colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// No escape codes: pipes, files, CI logs.
    Plain,
    /// Colours of the terminal's own palette.
    Colour,
}

/// The meaning that a piece of text is coloured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Ink {
    /// Passed.
    Good,
    /// Failed.
    Bad,
    /// Warned.
    Caution,
    /// Left to a person to check.
    Question,
    /// Less important.
    Faint,
    /// To be read first.
    Strong,
}

const RESET: &str = "\u{1b}[0m";

impl Style {
    /// `text` in this ink, where the style has any.
    pub(in crate::report) fn paint(self, ink: Ink, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colour => format!("{}{text}{RESET}", ink.code()),
        }
    }
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Self::Good => "\u{1b}[32m",
            Self::Bad => "\u{1b}[1;31m",
            Self::Caution => "\u{1b}[33m",
            Self::Question => "\u{1b}[35m",
            Self::Faint => "\u{1b}[2m",
            Self::Strong => "\u{1b}[1m",
        }
    }
}

/// The symbol of a verdict; every kind has its own, so that nothing depends on colour.
pub(in crate::report) fn symbol(kind: VerdictKind) -> &'static str {
    match kind {
        VerdictKind::Pass => "✓",
        VerdictKind::Fail => "✗",
        VerdictKind::Warn => "!",
        VerdictKind::Review => "?",
        VerdictKind::NotRun => "○",
        VerdictKind::NotApplicable => "·",
    }
}

/// Symbol and word of a verdict, in its ink.
pub fn verdict_mark(kind: VerdictKind, style: Style) -> String {
    style.paint(ink(kind), &format!("{} {}", symbol(kind), kind.word()))
}

/// The ink of a verdict.
pub(in crate::report) fn ink(kind: VerdictKind) -> Ink {
    match kind {
        VerdictKind::Pass => Ink::Good,
        VerdictKind::Fail => Ink::Bad,
        VerdictKind::Warn => Ink::Caution,
        VerdictKind::Review => Ink::Question,
        VerdictKind::NotRun | VerdictKind::NotApplicable => Ink::Faint,
    }
}
