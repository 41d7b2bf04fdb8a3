//! Text that fits a terminal: cleaned of control characters, wrapped, padded, clipped.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// One line of text that is safe to print: whitespace is folded, and control characters, marks that change the reading direction and
/// characters that XML does not allow are replaced. The text may come from the app, which is not trusted.
pub(in crate::report) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().map(|character| if obeyed(character) { '\u{fffd}' } else { character }));
    }
    out
}

fn obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

/// The number of columns that `text` takes. Chinese, Japanese and Korean letters and most emoji take two.
pub(in crate::report) fn columns(text: &str) -> usize {
    text.width()
}

/// `text` with spaces after it, up to `width` columns.
pub(in crate::report) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// `text` in lines of at most `width` columns. Longer words, such as URLs, are broken after a separator.
pub(in crate::report) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(MIN_WIDTH);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut word = word;
        let joint = usize::from(!line.is_empty());
        if columns(&line) + joint + columns(word) > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        while columns(word) > width {
            let (head, tail) = word.split_at(break_at(word, width));
            lines.push(head.to_owned());
            word = tail;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// `text` in one line of at most `width` columns, with an ellipsis where something is missing.
pub(in crate::report) fn clip(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut out = text[..fitting(text, width.saturating_sub(1))].to_owned();
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// The narrowest width that text is wrapped to.
const MIN_WIDTH: usize = 16;

/// The number of leading bytes that fit into `width` columns.
fn fitting(text: &str, width: usize) -> usize {
    let mut taken = 0;
    for (at, letter) in text.char_indices() {
        taken += letter.width().unwrap_or(0);
        if taken > width {
            return at;
        }
    }
    text.len()
}

/// Where to break a word that is too long: after the last separator in the second half of the line, else at the width.
fn break_at(word: &str, width: usize) -> usize {
    let end = fitting(word, width).max(word.chars().next().map_or(0, char::len_utf8));
    let marks = ['/', '?', '&', '=', '-', '.', ',', ';', '_', '+'];
    match word[..end].rfind(marks) {
        Some(at) if columns(&word[..at]) >= width / 2 => at + 1,
        _ => end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_terminal_would_obey_is_left() {
        assert_eq!(printable("a\u{1b}[31mred\r\n\tb\u{202e}c"), "a\u{fffd}[31mred b\u{fffd}c");
    }

    #[test]
    fn lines_keep_to_the_width_and_lose_no_text() {
        let text =
            "stopped at http://localhost:3000/oauth/callback?code=abc&state=0123456789012345678901234567890 today";
        let lines = wrap(text, 24);
        assert!(lines.iter().all(|line| columns(line) <= 24), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        assert!(lines.iter().any(|line| line.ends_with('&') || line.ends_with('/')), "{lines:?}");
    }

    #[test]
    fn hard_breaks_respect_characters() {
        let lines = wrap(&"ü".repeat(40), 16);
        assert_eq!(lines.iter().map(|line| columns(line)).collect::<Vec<_>>(), [16, 16, 8]);
    }

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!(columns("接続済み"), 8);
        assert!(wrap(&"接続".repeat(20), 21).iter().all(|line| columns(line) <= 21));
        assert_eq!(clip("接続済みです", 7), "接続済…");
        assert_eq!(pad("接続", 6), "接続  ");
    }

    #[test]
    fn clipping_says_that_something_is_missing() {
        assert_eq!(clip("short", 8), "short");
        assert_eq!(clip("rather long text", 8), "rather…");
    }
}
