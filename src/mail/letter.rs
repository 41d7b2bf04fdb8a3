//! A received mail.

use linkify::{LinkFinder, LinkKind};
use mailparse::{MailHeaderMap, ParsedMail};
use url::Url;

use super::code::{codes_in, digits_in};
use super::html::{folded, read};
use crate::evidence::{Mail, MailLink, Recorder};

/// Bytes of a mail's subject and text, and links in it, that are read.
const LONGEST: usize = 256 * 1_024;
const MOST_LINKS: usize = 200;
/// Characters of a mail's text that are recorded.
const KEPT: usize = 4_000;
/// Length from which a part of a link that mixes letters and digits is treated as a secret.
const SECRET: usize = 16;

/// A received mail, with its real links.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The recipients' addresses.
    pub to: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// Its text, whitespace collapsed.
    pub text: String,
    /// Its links, with their real URLs.
    pub links: Vec<MailLink>,
    from: String,
}

impl Letter {
    /// Parses a mail: the SMTP envelope's addresses and the message. Never fails: malformed messages are read as plain text.
    pub(super) fn read(from: &str, to: &[String], message: &[u8]) -> Self {
        let plain = |text: &str| (folded(text), in_text(text));
        let (subject, (text, links)) = match mailparse::parse_mail(message) {
            Ok(mail) => {
                let subject = mail.headers.get_first_value("Subject").unwrap_or_default();
                let (html, text) = (body(&mail, "text/html"), body(&mail, "text/plain"));
                let html = html.map(|html| read(&html));
                let read = match (text, html) {
                    // The plain text is easier to read; the links of the HTML have link texts.
                    (Some(text), Some((_, links))) if !links.is_empty() => (folded(&text), links),
                    (Some(text), _) => plain(&text),
                    (None, Some(read)) => read,
                    (None, None) => (String::new(), Vec::new()),
                };
                (folded(&subject), read)
            }
            Err(_) => (String::new(), plain(&String::from_utf8_lossy(message))),
        };
        let mut letter = Self { from: from.to_owned(), to: to.to_vec(), subject, text, links };
        letter.subject.truncate(letter.subject.floor_char_boundary(LONGEST));
        letter.text.truncate(letter.text.floor_char_boundary(LONGEST));
        letter.links.truncate(MOST_LINKS);
        letter
    }

    /// The one-time code in it, as it is to be typed.
    pub fn code(&self) -> Option<String> {
        codes_in(&self.text).into_iter().next().or_else(|| codes_in(&self.subject).into_iter().next())
    }

    /// The mail as it is recorded, with secrets redacted.
    pub(super) fn seen(&self, recorder: &Recorder) -> Mail {
        for link in &self.links {
            hide_secrets(&link.href, recorder);
        }
        let mut text = recorder.redact(&self.text);
        let mut codes = Vec::new();
        let mut subject = recorder.redact(&self.subject);
        for code in digits_in(&self.text).into_iter().chain(digits_in(&self.subject)) {
            let secret = recorder.secret("mail code", code);
            // Too short to be redacted everywhere, so it is replaced here.
            let instead = format!("‹mail code {}›", secret.fingerprint);
            text = text.replace(code, &instead);
            subject = subject.replace(code, &instead);
            if !codes.contains(&secret) {
                codes.push(secret);
            }
        }
        let link =
            |link: &MailLink| MailLink { href: recorder.redact(&link.href), words: recorder.redact(&link.words) };
        Mail {
            from: recorder.redact(&self.from),
            to: self.to.iter().map(|address| recorder.redact(address)).collect(),
            subject,
            text: text.chars().take(KEPT).collect(),
            links: self.links.iter().map(link).collect(),
            codes,
        }
    }
}

/// The first part with this media type.
fn body(mail: &ParsedMail<'_>, media_type: &str) -> Option<String> {
    mail.parts().find(|part| part.ctype.mimetype == media_type).and_then(|part| part.get_body().ok())
}

fn in_text(text: &str) -> Vec<MailLink> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    finder.links(text).map(|link| MailLink { href: link.as_str().to_owned(), words: String::new() }).collect()
}

/// Registers the parts of a URL that may be credentials as secrets.
fn hide_secrets(address: &str, recorder: &Recorder) {
    let Ok(url) = Url::parse(address) else { return };
    let segments = url.path_segments().into_iter().flatten().map(str::to_owned);
    let values = url.query_pairs().map(|(_, value)| value.into_owned());
    let fragment = url.fragment().map(str::to_owned);
    for part in segments.chain(values).chain(fragment).filter(|part| may_be_secret(part)) {
        recorder.secret("mail token", &part);
    }
}

pub(super) fn may_be_secret(part: &str) -> bool {
    let has = |one: fn(&u8) -> bool| part.bytes().any(|byte| one(&byte));
    part.len() >= SECRET && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &[u8] = b"From: a@x.example\r\nTo: b@y.example\r\nSubject: =?utf-8?q?Perm=C3=ACssions?=\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        Your code is 482913. Go to http://localhost/u?t=3Dabcdefgh12345678 (soon=\r\n).\r\n\
        --b\r\nContent-Type: text/html\r\n\r\n<p>Hi <a href=\"http://localhost/u?t=abcdefgh12345678\">Update</a></p>\r\n--b--\r\n";

    #[test]
    fn a_letter_of_two_parts_is_read_by_its_text_and_the_links_of_its_html() {
        let letter = Letter::read("a@x.example", &["b@y.example".to_owned()], LETTER);
        assert_eq!(letter.subject, "Permìssions");
        assert!(letter.text.starts_with("Your code is 482913. Go to"), "{}", letter.text);
        assert_eq!(letter.links[0].href, "http://localhost/u?t=abcdefgh12345678");
        assert_eq!(letter.links[0].words, "Update");
    }

    #[test]
    fn what_is_kept_holds_neither_code_nor_token() {
        let recorder = Recorder::new();
        let mail = Letter::read("a@x.example", &[], LETTER).seen(&recorder);
        let kept = serde_json::to_string(&mail).unwrap();
        assert!(!kept.contains("482913") && !kept.contains("abcdefgh12345678"), "{kept}");
        assert_eq!((mail.codes.len(), mail.codes[0].length), (1, 6));
        assert!(mail.links[0].href.starts_with("http://localhost/u?t=‹mail token "), "{}", mail.links[0].href);
        // The browser goes there next.
        assert!(!recorder.redact("http://localhost/u?t=abcdefgh12345678&x").contains("abcdefgh"));
    }

    #[test]
    fn links_in_plain_text_end_where_the_sentence_goes_on() {
        let letter = Letter::read("", &[], b"Subject: x\r\n\r\nSee http://localhost:3000/a?b=c. Thank you.\r\n");
        assert_eq!(letter.links[0].href, "http://localhost:3000/a?b=c");
    }

    #[test]
    fn any_bytes_are_a_letter() {
        for bytes in [b"".as_slice(), b"\xff\xfe", b"Content-Type: multipart/mixed\r\n\r\n--", b"no header at all"] {
            Letter::read("", &[], bytes);
        }
    }
}
