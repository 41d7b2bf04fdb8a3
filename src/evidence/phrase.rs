//! Visible text: finding words in it, cutting it short.

/// Whether any of these words or phrases (in lower case) stands in the text as whole words.
pub fn says_any(text: &str, phrases: &[&str]) -> bool {
    let text = text.to_lowercase().replace('’', "'");
    phrases.iter().any(|phrase| {
        text.match_indices(phrase).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + phrase.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        })
    })
}

/// A text cut to at most so many characters, between words where there are some.
pub fn clip(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = &text[..end];
    let whole = cut.rfind(' ').filter(|at| *at > end / 2).map_or(cut, |at| &cut[..at]);
    format!("{}…", whole.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_in_any_case() {
        assert!(says_any("You DENIED access.", &["denied"]));
        assert!(says_any("It couldn’t be done", &["couldn't"]));
        assert!(!says_any("undeniedly", &["denied"]) && !says_any("", &["denied"]));
    }
}
