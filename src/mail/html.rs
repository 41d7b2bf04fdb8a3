//! Text and links of an HTML mail, as its reader sees them.

use html5gum::{Token, Tokenizer};

use crate::evidence::MailLink;

/// The visible text with whitespace collapsed, and its links with their real URLs.
pub(super) fn read(html: &str) -> (String, Vec<MailLink>) {
    let mut text = String::new();
    let mut links = Vec::new();
    // URL of the open link, and where its text begins.
    let mut open: Option<(String, usize)> = None;
    let mut unseen = false;
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) => match tag.name.as_slice() {
                b"style" | b"script" | b"title" if !tag.self_closing => unseen = true,
                b"a" => {
                    let href = tag.attributes.get(b"href".as_slice());
                    open = href.map(|href| (String::from_utf8_lossy(href).into_owned(), text.len()));
                }
                // Text of different blocks is separate words.
                _ => text.push(' '),
            },
            Token::EndTag(tag) => match tag.name.as_slice() {
                b"style" | b"script" | b"title" => unseen = false,
                b"a" => {
                    if let Some((href, begin)) = open.take() {
                        links.push(MailLink { href, words: folded(&text[begin..]) });
                    }
                }
                _ => {}
            },
            Token::String(words) if !unseen => text.push_str(&String::from_utf8_lossy(&words)),
            _ => {}
        }
    }
    (folded(&text), links)
}

/// Collapses whitespace.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_links_are_read_and_styles_are_not() {
        let (text, links) = read(
            "<html><head><title>t</title><style>p{color:red}</style></head><body><p>We need  more<br>permissions.</p>\
             <a href=\"http://localhost/x?a=1&amp;b=2\"><b>Update</b> now</a><a>no link</a></body></html>",
        );
        assert_eq!(text, "We need more permissions. Update nowno link");
        assert_eq!(links, [MailLink { href: "http://localhost/x?a=1&b=2".into(), words: "Update now".into() }]);
    }

    #[test]
    fn broken_html_is_borne() {
        for html in ["", "<", "<a href=", "<a href='x'>never closed", "</a></style><script>", "<a href=\u{0}>"] {
            read(html);
        }
    }
}
