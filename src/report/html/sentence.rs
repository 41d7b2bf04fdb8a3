//! A judge's sentence as HTML: with a capital at its beginning, and text in backticks as code.

use askama::Template;

/// A sentence in pieces.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"{% for (code, text) in pieces %}{% if *code %}<code>{{ text }}</code>{% else %}{{ text }}{% endif %}{% endfor %}"#
)]
pub(super) struct Sentence {
    pieces: Vec<(bool, String)>,
}

impl Sentence {
    /// The sentence.
    pub(super) fn of(text: &str) -> Self {
        let closed = text.matches('`').count().is_multiple_of(2);
        let mut pieces: Vec<(bool, String)> = if closed {
            text.split('`').enumerate().map(|(index, piece)| (index % 2 == 1, piece.to_owned())).collect()
        } else {
            vec![(false, text.to_owned())]
        };
        if let Some((false, first)) = pieces.first_mut()
            && first
                .split(' ')
                .next()
                .is_some_and(|word| word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '\''))
            && let Some(letter) = first.chars().next()
        {
            first.replace_range(..letter.len_utf8(), &letter.to_ascii_uppercase().to_string());
        }
        pieces.retain(|(_, piece)| !piece.is_empty());
        Self { pieces }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_with_a_capital_and_backticks_are_code() {
        let shown = |text: &str| Sentence::of(text).render().unwrap();
        assert_eq!(shown("look for `error` <first>"), "Look for <code>error</code> &#60;first&#62;");
        assert_eq!(shown("/login answered 500"), "/login answered 500");
        assert_eq!(shown("one ` alone"), "One ` alone");
        assert_eq!(shown("https://a.b is asked"), "https://a.b is asked");
    }
}
