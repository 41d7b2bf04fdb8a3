//! Visible text: cutting it short, counting in words.

use std::borrow::Cow;

/// A text cut to at most so many characters, between words where there are some.
pub fn clip(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = &text[..end];
    let whole = cut.rfind(' ').filter(|at| *at > end / 2).map_or(cut, |at| &cut[..at]);
    format!("{}…", whole.trim_end())
}

/// `1 item`, `2 items`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// A text of at most so many bytes, and how many more there were.
pub fn bounded(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return text.into();
    }
    let kept = &text[..text.floor_char_boundary(most)];
    format!("{kept}… ({} bytes left out)", text.len() - kept.len()).into()
}
