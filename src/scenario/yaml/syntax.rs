//! What is wrong with a text that is not YAML, in words, and where it went wrong.
//!
//! A parser stops where it can no longer go on; people look for where it began. A quote left open, a bracket left open and a line
//! too far to the right are traced back to their beginning.

use std::ops::Range;

use serde_yaml::granit_parser::ErrorKind;

use crate::scenario::diagnostic::{Diagnostic, Source, quote};

/// The parser's error, which it met at byte `at`, in words for people.
pub(super) fn explain(source: &Source, kind: &ErrorKind, at: usize) -> Diagnostic {
    let text = source.text();
    let letter = at..at + text[at..].chars().next().map_or(0, char::len_utf8);
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = to_line_end(text, line_start);
    let line = line.end - text[line.clone()].trim_start().len()..line.end;
    let tab = text[line_start..].find('\t').map(|tab| line_start + tab..line_start + tab + 1);
    let opened = unclosed(&text[..at]).or_else(|| unclosed(&text[..line.end]).filter(|opened| *opened == at));
    let words = kind.to_string();
    let (place, message, help) = match (kind, opened, &text[at..]) {
        (ErrorKind::MissingAnchorOrAliasName, ..) => return anchor(source, at),
        (ErrorKind::RecursionLimitExceeded, ..) => return source.mistake(&letter, "nested too deeply", ""),
        (_, _, rest) if rest.starts_with('\t') || words.contains("tab") => {
            (tab.unwrap_or(letter), "a tab stands where spaces are due", "indent with spaces")
        }
        (ErrorKind::UnexpectedCharacter { character }, ..) => {
            let message = format!("a value cannot begin with {}", quote(&character.to_string()));
            return source.mistake(&letter, message, "").help("put the value into quotes");
        }
        _ if ["escape", "hexadecimal", "surrogate"].iter().any(|part| words.contains(part)) => {
            (letter, "this backslash begins nothing known", "write \\\\ for a backslash, or use single quotes")
        }
        (_, Some(quote), _) if text[quote..].starts_with(['\'', '"']) => {
            let help = "close it with the same quote on the same line";
            (to_line_end(text, quote), "a quote is opened and not closed", help)
        }
        (_, Some(bracket), _) if bracket == at || to_line_end(text, bracket).end <= at => {
            let help = "close it; text with brackets or braces in it needs quotes";
            (to_line_end(text, bracket), "a bracket is opened and not closed", help)
        }
        (_, Some(_), _) => {
            let help = "text with brackets, braces or commas needs quotes";
            (letter, "a comma or the closing bracket is missing", help)
        }
        (.., rest) if rest.starts_with([']', '}']) => {
            (letter, "this bracket closes nothing", "text with brackets or braces needs quotes")
        }
        (.., rest) if rest.starts_with(':') && text[line_start..at].contains(": ") => {
            (letter, "a colon is not expected here", "text with a colon and a space in it needs quotes")
        }
        _ if text[line_start..at].trim_end().ends_with(['\'', '"', ']', '}']) => {
            let help = "put the whole value into one pair of quotes";
            (letter, "text goes on after the closing quote or bracket", help)
        }
        (ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey, ..) => {
            (line, "a colon is missing after this word", "write `word: value`, with a space after the colon")
        }
        (.., rest) if rest.starts_with(['%', '@', '!', '`', '|', '>']) => {
            (letter, "a value cannot begin with this character", "put the value into quotes")
        }
        (.., rest) if rest.starts_with(':') || text[line_start..at].trim_matches([' ', '-']).is_empty() => {
            let help = "lines that belong together begin in the same column";
            (line, "this line does not fit the lines above it", help)
        }
        (.., rest) if rest.starts_with(['-', '?']) => {
            (letter, "a value cannot begin with this character", "put the value into quotes")
        }
        _ => return source.mistake(&letter, format!("this is not YAML: {words}"), ""),
    };
    source.mistake(&place, message, "").help(help)
}

/// An anchor or alias is refused, that which begins here.
pub(super) fn anchor(source: &Source, at: usize) -> Diagnostic {
    let advice = "write the value out where it is needed; text that begins with & or * needs quotes";
    let place = to_space(source.text(), at);
    source.mistake(&place, "anchors and aliases (& and *) are not supported", "").help(advice)
}

fn to_line_end(text: &str, start: usize) -> Range<usize> {
    start..text[start..].find('\n').map_or(text.len(), |newline| start + newline)
}

/// From here to the next space.
pub(super) fn to_space(text: &str, start: usize) -> Range<usize> {
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
