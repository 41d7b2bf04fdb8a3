//! Explains a YAML syntax error, and finds where it begins.
//!
//! A parser stops where it cannot continue, which may be far from the cause. Unclosed quotes, unclosed brackets and wrong
//! indentation are traced back to their beginning.

use std::ops::Range;

use serde_yaml::granit_parser::ErrorKind;

use crate::scenario::diagnostic::{Diagnostic, Source, quote};

/// Explains a parser's error at byte `at`.
pub(super) fn explain(source: &Source, kind: &ErrorKind, at: usize) -> Diagnostic {
    let text = source.text();
    let letter = at..at + text[at..].chars().next().map_or(0, char::len_utf8);
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = to_line_end(text, line_start);
    let line = line.end - text[line.clone()].trim_start().len()..line.end;
    let tab = text[line_start..].find('\t').map(|tab| line_start + tab..line_start + tab + 1);
    let opened = unclosed(&text[..at]).or_else(|| unclosed(&text[..line.end]).filter(|opened| *opened == at));
    let words = kind.to_string();
    let (span, message, help) = match (kind, opened, &text[at..]) {
        (ErrorKind::MissingAnchorOrAliasName, ..) => return anchor(source, at),
        (ErrorKind::RecursionLimitExceeded, ..) => return source.error(&letter, "nested too deeply", ""),
        (_, _, rest) if rest.starts_with('\t') || words.contains("tab") => {
            (tab.unwrap_or(letter), "a tab is used for indentation", "indent with spaces")
        }
        (ErrorKind::UnexpectedCharacter { character }, ..) => {
            let message = format!("a value cannot begin with {}", quote(&character.to_string()));
            return source.error(&letter, message, "").help("put the value in quotes");
        }
        _ if ["escape", "hexadecimal", "surrogate"].iter().any(|part| words.contains(part)) => {
            (letter, "this backslash does not begin a known escape", "write \\\\ for a backslash, or use single quotes")
        }
        (_, Some(quote), _) if text[quote..].starts_with(['\'', '"']) => {
            let help = "close it with the same quote on the same line";
            (to_line_end(text, quote), "this quote is not closed", help)
        }
        (_, Some(bracket), _) if bracket == at || to_line_end(text, bracket).end <= at => {
            let help = "close it; text with brackets or braces needs quotes";
            (to_line_end(text, bracket), "this bracket is not closed", help)
        }
        (_, Some(_), _) => {
            let help = "text with brackets, braces or commas needs quotes";
            (letter, "a comma or the closing bracket is missing", help)
        }
        (.., rest) if rest.starts_with([']', '}']) => {
            (letter, "this bracket was not opened", "text with brackets or braces needs quotes")
        }
        (.., rest) if rest.starts_with(':') && text[line_start..at].contains(": ") => {
            (letter, "a colon is not expected here", "text with a colon and a space needs quotes")
        }
        _ if text[line_start..at].trim_end().ends_with(['\'', '"', ']', '}']) => {
            let help = "put the whole value in one pair of quotes";
            (letter, "there is text after the closing quote or bracket", help)
        }
        (ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey, ..) => {
            (line, "a colon is missing after this word", "write `word: value`, with a space after the colon")
        }
        (.., rest) if rest.starts_with(['%', '@', '!', '`', '|', '>']) => {
            (letter, "a value cannot begin with this character", "put the value in quotes")
        }
        (.., rest) if rest.starts_with(':') || text[line_start..at].trim_matches([' ', '-']).is_empty() => {
            let help = "indent lines of the same list or mapping to the same column";
            (line, "the indentation does not match the lines above", help)
        }
        (.., rest) if rest.starts_with(['-', '?']) => {
            (letter, "a value cannot begin with this character", "put the value in quotes")
        }
        _ => return source.error(&letter, format!("this is not YAML: {words}"), ""),
    };
    source.error(&span, message, "").help(help)
}

/// The error for an anchor or alias that begins here.
pub(super) fn anchor(source: &Source, at: usize) -> Diagnostic {
    let advice = "repeat the value where it is needed; text that begins with & or * needs quotes";
    let span = to_space(source.text(), at);
    source.error(&span, "anchors and aliases (& and *) are not supported", "").help(advice)
}

fn to_line_end(text: &str, start: usize) -> Range<usize> {
    start..text[start..].find('\n').map_or(text.len(), |newline| start + newline)
}

/// From here to the next space.
pub(super) fn to_space(text: &str, start: usize) -> Range<usize> {
    start..text[start..].find(char::is_whitespace).map_or(text.len(), |space| start + space)
}

/// The quote, or else the outermost bracket, that is opened in this text and not closed. Quotes and brackets count only where a
/// value may begin; inside a word, as in `Klaviyo's`, they are text.
fn unclosed(text: &str) -> Option<usize> {
    let mut brackets = Vec::new();
    let mut letters = text.char_indices().peekable();
    // The last character that is not a space. A value may begin after a line break.
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
    fn unclosed_quotes_and_brackets_are_found() {
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
