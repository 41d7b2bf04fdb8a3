//! Visible text: finding words in it, cutting it short, counting in words.

/// Whether any of these words or phrases (in lower case) stands in the text as whole words. One that ends in `*` may go on:
/// `verbind*` finds "verbinden" and "Verbindung". Japanese is written without spaces, and found anywhere.
pub fn says_any(text: &str, phrases: &[&str]) -> bool {
    let text = text.to_lowercase().replace('’', "'");
    phrases.iter().any(|phrase| says(&text, phrase))
}

fn says(text: &str, phrase: &str) -> bool {
    let (phrase, goes_on) = phrase.strip_suffix('*').map_or((phrase, false), |stem| (stem, true));
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        !is_one_word(before, phrase.chars().next()) && (goes_on || !is_one_word(phrase.chars().next_back(), after))
    })
}

/// Whether two letters side by side belong to one word.
fn is_one_word(one: Option<char>, next: Option<char>) -> bool {
    let spaced = |letter: char| letter.is_alphanumeric() && !('\u{3040}'..='\u{9fff}').contains(&letter);
    one.is_some_and(spaced) && next.is_some_and(spaced)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_in_any_case() {
        assert!(says_any("You DENIED access.", &["denied"]));
        assert!(says_any("It couldn’t be done", &["couldn't"]));
        assert!(!says_any("undeniedly", &["denied"]) && !says_any("", &["denied"]));
        assert!(says_any("Nicht verbunden", &["verb*"]) && !says_any("Proverb", &["verb*"]));
    }

    #[test]
    fn japanese_needs_no_spaces_and_latin_words_in_it_are_whole() {
        assert!(says_any("アクセスが拒否されました", &["拒否"]) && says_any("Klaviyoへ", &["klaviyo"]));
        assert!(!says_any("Klaviyos", &["klaviyo"]));
    }
}
