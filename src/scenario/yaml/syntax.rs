//! What is wrong with a text that is not YAML, in words, and where it went wrong.
//!
//! A parser stops where it can no longer go on; people look for where it began. A quote left open, a bracket left open and a line
//! too far to the right are traced back to their beginning.

use std::ops::Range;

use granit_parser::ErrorKind;

/// What is wrong, where, and how to put it right, where that can be told.
pub(super) struct Unreadable {
    pub(super) place: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<&'static str>,
}

/// The parser's error, which it met at byte `at`, in words for people.
pub(super) fn in_words(kind: &ErrorKind, text: &str, at: usize) -> Unreadable {
    let letter = at..at + text[at..].chars().next().map_or(0, char::len_utf8);
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let line = line_start + indentation(&text[line_start..line_end])..line_end;
    let say = |place: Range<usize>, message: &str, help: &'static str| Unreadable {
        place,
        message: message.to_owned(),
        help: Some(help),
    };
    match (kind, unclosed(&text[..at])) {
        (
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar,
            _,
        ) => {
            let tab = text[..letter.end].rfind('\t').filter(|tab| *tab >= line_start).unwrap_or(at);
            say(tab..tab + 1, "a tab stands where spaces are due", "indent with spaces")
        }
        (_, _) if text[at..].starts_with('\t') => {
            say(letter, "a tab stands where spaces are due", "indent with spaces")
        }
        (
            ErrorKind::UnclosedQuotedScalar
            | ErrorKind::UnexpectedEof
            | ErrorKind::DocumentIndicatorInQuotedScalar
            | ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::InvalidIndentation,
            Some(quote),
        ) if text[quote..].starts_with(['\'', '"']) => {
            let help = "close it with the same quote on the same line";
            say(to_line_end(text, quote), "a quote is opened and not closed", help)
        }
        (
            ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping
            | ErrorKind::UnclosedFlowCollection { .. }
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::MappingValueNotAllowed
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::SimpleKeyExpected
            | ErrorKind::InvalidSimpleKey
            | ErrorKind::InvalidIndentation
            | ErrorKind::InvalidFlowScalarIndent
            | ErrorKind::BlockEntryInFlowCollection
            | ErrorKind::UnexpectedEof,
            Some(bracket),
        ) if text[bracket..].starts_with(['[', '{']) => {
            let help = "close it; text with brackets or braces in it needs quotes";
            say(to_line_end(text, bracket), "a bracket is opened and not closed", help)
        }
        (ErrorKind::UnclosedQuotedScalar, _) => {
            say(letter, "a quote is opened and not closed", "close it with the same quote on the same line")
        }
        (ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar, _) => {
            say(letter, "text goes on after the closing quote", "put the whole value into one pair of quotes")
        }
        (
            ErrorKind::UnknownQuotedScalarEscape
            | ErrorKind::InvalidQuotedScalarHexEscape
            | ErrorKind::InvalidUnicodeEscape,
            _,
        ) => say(letter, "this backslash begins nothing known", "write \\\\ for a backslash, or use single quotes"),
        (ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator, _) => {
            let help = "text with brackets, braces or commas needs quotes";
            say(letter, "a comma or the closing bracket is missing", help)
        }
        (ErrorKind::MismatchedFlowCollectionEnd { .. } | ErrorKind::MisplacedFlowCollectionEnd, _) => {
            say(letter, "this bracket closes nothing", "text with brackets or braces needs quotes")
        }
        (ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement, _)
            if text[line_start..at].contains(": ") =>
        {
            say(letter, "a colon is not expected here", "text with a colon and a space in it needs quotes")
        }
        (ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey, _) => {
            let help = "write `word: value`, with a space after the colon";
            say(line, "a colon is missing after this word", help)
        }
        (
            ErrorKind::MappingValueNotAllowed
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::ExpectedBlockSequenceEntry
            | ErrorKind::InvalidIndentation
            | ErrorKind::MappingKeyNotAllowed
            | ErrorKind::BlockSequenceEntryNotAllowed
            | ErrorKind::InvalidBlockEntryWhitespace
            | ErrorKind::ExpectedDocumentStart
            | ErrorKind::UnexpectedEndOfPlainScalar
            | ErrorKind::InvalidFlowScalarIndent,
            _,
        ) => {
            let help = "lines that belong together begin in the same column";
            say(line, "this line does not fit the lines above it", help)
        }
        (ErrorKind::UnexpectedCharacter { character }, _) => Unreadable {
            place: letter,
            message: format!("a value cannot begin with `{}`", character.escape_debug()),
            help: Some("put the value into quotes"),
        },
        (ErrorKind::UnknownAnchor | ErrorKind::MissingAnchorOrAliasName, _) => {
            let message = "anchors and aliases (& and *) are not supported";
            say(to_space(text, at), message, "text that begins with & or * needs quotes")
        }
        (ErrorKind::RecursionLimitExceeded, _) => {
            Unreadable { place: letter, message: "nested too deeply".to_owned(), help: None }
        }
        (_, _) if text[at..].starts_with(['%', '@', '!', '`']) => {
            say(letter, "a value cannot begin with this character", "put the value into quotes")
        }
        (other, _) => Unreadable { place: letter, message: format!("this is not YAML: {other}"), help: None },
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn to_line_end(text: &str, start: usize) -> Range<usize> {
    start..text[start..].find('\n').map_or(text.len(), |newline| start + newline)
}

fn to_space(text: &str, start: usize) -> Range<usize> {
    start..text[start..].find(char::is_whitespace).map_or(text.len(), |space| start + space)
}

/// The quote, or else the outermost bracket, that is opened in this text and not closed. Quotes and brackets count where a
/// value may begin; inside a word, as in `Klaviyo's`, they are just letters.
fn unclosed(text: &str) -> Option<usize> {
    let mut brackets = Vec::new();
    let mut letters = text.char_indices().peekable();
    // The last letter that was no space; a line's beginning counts as one after which a value may begin.
    let (mut last, mut after_space) = ('\n', true);
    while let Some((at, letter)) = letters.next() {
        let begins = matches!(last, '\n' | '[' | '{' | ',') || (after_space && matches!(last, ':' | '-'));
        match letter {
            '#' if after_space => {
                while letters.next_if(|(_, letter)| *letter != '\n').is_some() {}
                continue;
            }
            '\'' | '"' if begins => {
                loop {
                    match letters.next() {
                        None => return Some(at),
                        Some((_, '\\')) if letter == '"' => drop(letters.next()),
                        Some((_, end)) if end == letter => {
                            if letter == '"' || letters.next_if(|(_, next)| *next == '\'').is_none() {
                                break;
                            }
                        }
                        Some(_) => {}
                    }
                }
                (last, after_space) = (letter, false);
                continue;
            }
            '[' | '{' if begins => brackets.push(at),
            ']' | '}' => drop(brackets.pop()),
            _ => {}
        }
        after_space = letter.is_whitespace();
        if !after_space || (letter == '\n' && brackets.is_empty()) {
            last = letter;
        }
    }
    brackets.first().copied()
}

#[cfg(test)]
mod tests {
    use super::unclosed;

    #[test]
    fn what_is_opened_and_not_closed_is_found() {
        for (text, opened) in [
            ("a: 'b", Some(3)),
            ("a: \"b\\\"", Some(3)),
            ("a: 'it''s'\nb: [c, 'd]'", Some(14)),
            ("- {a: [b]\n", Some(2)),
            ("a: [b] # 'c\n", None),
            ("a: Klaviyo's [b\nc: d", None),
            ("a: 5'\nb: x]", None),
            ("", None),
        ] {
            assert_eq!(unclosed(text), opened, "{text}");
        }
    }
}
