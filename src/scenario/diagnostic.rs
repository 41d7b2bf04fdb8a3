//! An error in a file, or a note on it, shown with its line.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// How many errors of one file are shown.
const TOLD: usize = 50;

/// An error in a file, or a note on it, with its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it is a note: the file may be right all the same.
    pub is_note: bool,
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Length in characters of the underlined text; 0 points between two characters.
    pub length: u32,
    /// What is wrong, in one line.
    pub message: String,
    /// Text beside the underlined text; may be empty.
    pub label: String,
    /// How to fix it, if known.
    pub help: Option<String>,
    /// The file's text and the underlined range; none where the file could not be read.
    shown: Option<(Arc<str>, Range<usize>)>,
}

/// The errors of a file, in the file's order. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

/// A file's text, with its line index.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    file: String,
    text: Arc<str>,
    /// Offset of each line.
    lines: Vec<usize>,
}

impl Diagnostic {
    /// An error of a file that could not be read.
    pub(crate) fn of_file(file: &str, message: String, help: Option<String>) -> Self {
        let file = file.to_owned();
        Self { is_note: false, file, line: 1, column: 1, length: 0, message, label: String::new(), help, shown: None }
    }

    /// The same as a note.
    pub(crate) fn into_note(mut self) -> Self {
        self.is_note = true;
        self
    }

    /// Adds advice.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The error with its line of the file, the offending text underlined.
    pub fn render(&self, colour: bool) -> String {
        let level = if self.is_note { Level::NOTE } else { Level::ERROR };
        let title = level.primary_title(self.message.as_str());
        let mut group = match &self.shown {
            Some((text, span)) => {
                let label = Some(self.label.as_str()).filter(|label| !label.is_empty());
                let underlined = AnnotationKind::Primary.span(span.clone()).label(label);
                title.element(Snippet::source(&**text).path(self.file.as_str()).annotation(underlined))
            }
            None => title.element(annotate_snippets::Origin::path(self.file.as_str())),
        };
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

impl Diagnostics {
    /// `Ok` if nothing was found, the sorted errors otherwise.
    pub(crate) fn none_of(mut found: Vec<Diagnostic>) -> Result<(), Self> {
        if found.is_empty() {
            return Ok(());
        }
        found.sort_by_key(|error| (error.line, error.column));
        found.dedup();
        Err(Self(found))
    }

    /// Every error with its line of the file, the offending text underlined.
    pub fn render(&self, colour: bool) -> String {
        let mut told: Vec<_> = self.0.iter().take(TOLD).map(|error| error.render(colour)).collect();
        if self.0.len() > TOLD {
            told.push(format!("and {} more errors in {}", self.0.len() - TOLD, self.0[0].file));
        }
        told.join("\n\n")
    }

    /// The errors one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(only: Diagnostic) -> Self {
        Self(vec![only])
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shown {
            Some(_) => write!(formatter, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?,
            None => write!(formatter, "{}: {}", self.file, self.message)?,
        }
        self.help.iter().try_for_each(|help| write!(formatter, " ({help})"))
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().take(TOLD).enumerate() {
            let between = if index == 0 { "" } else { "\n" };
            write!(formatter, "{between}{error}")?;
        }
        match self.0.len() {
            all if all > TOLD => write!(formatter, "\nand {} more errors in {}", all - TOLD, self.0[0].file),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for Diagnostic {}
impl std::error::Error for Diagnostics {}

impl Source {
    /// A file with this name and text, without its byte order mark.
    pub(crate) fn new(file: &str, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect();
        Self { file: file.to_owned(), text: text.into(), lines }
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of an offset, both from 1, the column in characters.
    pub(crate) fn position(&self, at: usize) -> (u32, u32) {
        let line = self.lines.partition_point(|start| *start <= at);
        let column = self.text[self.lines[line - 1]..at].chars().count() + 1;
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        (narrow(line), narrow(column))
    }

    /// An error at this range. A range of several lines is underlined on the first only.
    pub(crate) fn error(
        &self,
        span: &Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Diagnostic {
        let span = self.on_one_line(span);
        let (line, column) = self.position(span.start);
        let length = self.text[span.clone()].chars().count();
        Diagnostic {
            is_note: false,
            file: self.file.clone(),
            line,
            column,
            length: u32::try_from(length).unwrap_or(u32::MAX),
            message: message.into(),
            label: label.into(),
            help: None,
            shown: Some((Arc::clone(&self.text), span)),
        }
    }

    /// The range of `part` within a range; the whole range where escapes hide it.
    pub(crate) fn within(&self, span: &Range<usize>, part: &str) -> Range<usize> {
        let found = self.text[span.clone()].find(part).filter(|_| !part.is_empty());
        found.map_or(span.clone(), |offset| span.start + offset..span.start + offset + part.len())
    }

    /// The text at a range, shortened for a quote. It is the file's, so values from the environment are not shown.
    pub(crate) fn quote(&self, span: &Range<usize>) -> String {
        quote(&self.text[self.on_one_line(span)])
    }

    /// The part of a range on its first line; at the end of the file, the end of the last non-empty line.
    fn on_one_line(&self, span: &Range<usize>) -> Range<usize> {
        let filled = self.text.trim_end().len();
        if span.start >= filled {
            return filled..filled;
        }
        let end = span.end.clamp(span.start, self.text.len());
        let line = self.text[span.start..end].lines().next().unwrap_or("");
        span.start..span.start + line.trim_end().len()
    }
}

/// The user's text in backticks, shortened, with control characters escaped.
pub(crate) fn quote(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).flat_map(printable).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

fn printable(letter: char) -> Vec<char> {
    if letter.is_control() { letter.escape_debug().collect() } else { vec![letter] }
}
