//! The forms that a secret takes in text: as it is, escaped as formats do it, and packed into another alphabet.

use std::collections::HashSet;
use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// A form that a secret takes in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As it is.
    Plain,
    /// Percent-encoded, as addresses have it: RFC 3986, `encodeURIComponent`, `encodeURI`, Python's `quote`.
    Percent,
    /// As a field of a form: percent-encoded with `+` for a space.
    Field,
    /// Percent-encoded twice: an address or a field within an address.
    PercentTwice,
    /// Percent-encoded throughout, letters too.
    PercentEach,
    /// In a JSON string, with any of the escapes that writers add: `\/`, `\u00e4`, `\u003c`, and all of it escaped again.
    Json,
    /// In a JSON or JavaScript string as `\u` escapes throughout.
    JsonEach,
    /// In HTML or XML, with named or numeric references for what has a meaning there.
    Html,
    /// In HTML or XML as numeric references throughout.
    HtmlEach,
    /// Quoted-printable, as mails have it.
    QuotedPrintable,
    /// Hexadecimal digits.
    Hex,
    /// Base64 of any text that it stands in, with the standard alphabet; the characters that are its own wherever it begins.
    Base64,
    /// The same with the alphabet for URLs.
    Base64Url,
}

impl Form {
    /// All of them.
    pub(crate) const ALL: [Self; 13] = [
        Self::Plain,
        Self::Percent,
        Self::Field,
        Self::PercentTwice,
        Self::PercentEach,
        Self::Json,
        Self::JsonEach,
        Self::Html,
        Self::HtmlEach,
        Self::QuotedPrintable,
        Self::Hex,
        Self::Base64,
        Self::Base64Url,
    ];

    /// Whether nothing of the secret can be read any more, nor where it begins and ends.
    pub(crate) fn is_packed(self) -> bool {
        matches!(self, Self::Hex | Self::Base64 | Self::Base64Url)
    }

    /// The texts that a secret can be in this form. Several, since writers differ; some of them are equal.
    pub(crate) fn of(self, secret: &str) -> Vec<String> {
        match self {
            Self::Plain => vec![secret.to_owned()],
            Self::Percent => ["-._~", "-._~!'()*", "-._~/", "-._~!'()*;/?:@&=+$,#"]
                .into_iter()
                .flat_map(|kept| CASES.map(|case| percent(secret, kept, false, case)))
                .collect(),
            Self::Field => ["-._~", "-._*", "-._"]
                .into_iter()
                .flat_map(|kept| CASES.map(|case| percent(secret, kept, true, case)))
                .collect(),
            Self::PercentTwice => {
                let once = Self::Percent.of(secret).into_iter().chain(Self::Field.of(secret));
                once.flat_map(|once| CASES.map(|case| percent(&once, "-._~!'()*", false, case))).collect()
            }
            Self::PercentEach => CASES.map(|case| each_byte(secret, |_| false, "%", case)).into(),
            Self::Json => {
                let mut all = Vec::new();
                for escaped in ["", "/", "<>&", "<>&\u{2028}\u{2029}", "<>&'", "<>&'\"", "<>&'/", "<>&'\"\\=-;`"] {
                    for only_ascii in [false, true] {
                        all.extend(CASES.map(|case| json(secret, escaped, only_ascii, case)));
                    }
                }
                all.extend(all.clone().iter().map(|once| json(once, "", false, Case::Lower)));
                all.extend(
                    [false, true].map(|only_ascii| json(secret, "", only_ascii, Case::Lower).replace('/', "\\/")),
                );
                all
            }
            Self::JsonEach => CASES.map(|case| secret.chars().map(|one| unicode_escape(one, case)).collect()).into(),
            Self::Html => REFERENCES.iter().map(|references| html(secret, references)).collect(),
            Self::HtmlEach => {
                let each = |write: fn(u32) -> String| secret.chars().map(|one| write(u32::from(one))).collect();
                vec![
                    each(|code| format!("&#{code};")),
                    each(|code| format!("&#x{code:x};")),
                    each(|code| format!("&#x{code:X};")),
                ]
            }
            Self::QuotedPrintable => CASES
                .map(|case| {
                    each_byte(secret, |byte| (byte.is_ascii_graphic() || byte == b' ') && byte != b'=', "=", case)
                })
                .into(),
            Self::Hex => CASES.map(|case| each_byte(secret, |_| false, "", case)).into(),
            Self::Base64 => {
                let plain = written_first(secret).into_iter().flat_map(|inner| base64(&inner, &STANDARD_NO_PAD));
                plain.flat_map(in_transit).collect()
            }
            Self::Base64Url => {
                written_first(secret).into_iter().flat_map(|inner| base64(&inner, &URL_SAFE_NO_PAD)).collect()
            }
        }
    }
}

/// `user:secret` as HTTP's Basic scheme sends it, or as a form's fields first (R 6749 §2.3.1); to its last whole character.
pub(crate) fn basic(user: &str, secret: &str) -> Vec<String> {
    // What each writer makes of one and of the other.
    let fields = Form::Field.of(user).into_iter().zip(Form::Field.of(secret));
    let percent = Form::Percent.of(user).into_iter().zip(Form::Percent.of(secret));
    let mut pairs = vec![format!("{user}:{secret}")];
    pairs.extend(fields.chain(percent).map(|(user, secret)| format!("{user}:{secret}")));
    each_once(pairs)
        .into_iter()
        .filter_map(|pair| base64(&pair, &STANDARD_NO_PAD).into_iter().next())
        .flat_map(in_transit)
        .collect()
}

/// The case of hexadecimal digits.
#[derive(Debug, Clone, Copy)]
enum Case {
    Lower,
    Upper,
}

const CASES: [Case; 2] = [Case::Lower, Case::Upper];

/// What stands for `&`, `<`, `>`, `"`, `'` and `/`, by writer.
const REFERENCES: [[&str; 6]; 8] = [
    ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "/"],
    ["&amp;", "&lt;", "&gt;", "&quot;", "&#x27;", "/"],
    ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "/"],
    ["&amp;", "&lt;", "&gt;", "&#34;", "&#39;", "/"],
    ["&amp;", "&lt;", "&gt;", "&quot;", "'", "/"],
    ["&amp;", "&lt;", "&gt;", "\"", "'", "/"],
    ["&amp;", "&lt;", "&gt;", "&quot;", "&#x27;", "&#x2F;"],
    ["&#38;", "&#60;", "&#62;", "&#34;", "&#39;", "/"],
];

/// Every byte that is not kept, after a mark, in hexadecimal digits. What is kept is ASCII.
fn each_byte(text: &str, is_kept: impl Fn(u8) -> bool, mark: &str, case: Case) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if is_kept(byte) {
            out.push(char::from(byte));
            continue;
        }
        out.push_str(mark);
        // Writing to a string does not fail.
        let _ = match case {
            Case::Lower => write!(out, "{byte:02x}"),
            Case::Upper => write!(out, "{byte:02X}"),
        };
    }
    out
}

fn percent(text: &str, kept: &str, plus: bool, case: Case) -> String {
    let is_kept = |byte: u8| byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) || plus && byte == b' ';
    let out = each_byte(text, is_kept, "%", case);
    // A plus sign of the text's own was not kept.
    if plus { out.replace(' ', "+") } else { out }
}

fn json(text: &str, escaped: &str, only_ascii: bool, case: Case) -> String {
    let mut out = String::new();
    for one in text.chars() {
        match one {
            _ if escaped.contains(one) || only_ascii && !one.is_ascii() => out.push_str(&unicode_escape(one, case)),
            '"' | '\\' => out.extend(['\\', one]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            _ if one.is_control() && one.is_ascii() => out.push_str(&unicode_escape(one, case)),
            _ => out.push(one),
        }
    }
    out
}

fn unicode_escape(one: char, case: Case) -> String {
    let mut units = [0; 2];
    let units = one.encode_utf16(&mut units).iter();
    units
        .map(|unit| match case {
            Case::Lower => format!("\\u{unit:04x}"),
            Case::Upper => format!("\\u{unit:04X}"),
        })
        .collect()
}

fn html(text: &str, references: &[&str; 6]) -> String {
    let mut out = String::new();
    for one in text.chars() {
        match "&<>\"'/".find(one) {
            Some(place) => out.push_str(references[place]),
            None => out.push(one),
        }
    }
    out
}

/// What a secret is before all that it stands in becomes Base64: as it is, a form's field, or within JSON.
fn written_first(secret: &str) -> Vec<String> {
    let mut all = vec![secret.to_owned()];
    all.extend(Form::Field.of(secret));
    all.push(percent(secret, "-._~", false, Case::Upper));
    all.push(percent(secret, "-._~!'()*", false, Case::Upper));
    all.extend([false, true].map(|only_ascii| json(secret, "", only_ascii, Case::Lower)));
    each_once(all)
}

/// Without those that stood before.
fn each_once(texts: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    texts.into_iter().filter(|text| seen.insert(text.clone())).collect()
}

/// The Base64 characters that depend on `inner` alone, for each of the three places within a group where it can begin.
fn base64(inner: &str, engine: &impl Engine) -> Vec<String> {
    let of_place = |place: usize| {
        let bytes = [&vec![0; place], inner.as_bytes()].concat();
        let (first, end) = ((place * 8).div_ceil(6), bytes.len() * 8 / 6);
        engine.encode(&bytes)[first..end].to_owned()
    };
    (0..3).map(of_place).collect()
}

/// Base64 as it is, and as it stands in addresses and in JSON.
fn in_transit(base64: String) -> [String; 4] {
    let upper = base64.replace('+', "%2B").replace('/', "%2F");
    [base64.replace('/', "\\/"), upper.replace("%2B", "%2b").replace("%2F", "%2f"), upper, base64]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "a b+/ä\"<'&=~";

    /// Written by hand, from what each format's own documents say.
    #[test]
    fn every_form_is_what_its_format_makes_of_the_secret() {
        for (form, text) in [
            (Form::Plain, SECRET),
            (Form::Percent, "a%20b%2B%2F%C3%A4%22%3C%27%26%3D~"),
            (Form::Percent, "a%20b%2b%2f%c3%a4%22%3c%27%26%3d~"),
            (Form::Percent, "a%20b%2B%2F%C3%A4%22%3C'%26%3D~"),
            (Form::Percent, "a%20b+/%C3%A4%22%3C'&=~"),
            (Form::Field, "a+b%2B%2F%C3%A4%22%3C%27%26%3D~"),
            (Form::Field, "a+b%2B%2F%C3%A4%22%3C%27%26%3D%7E"),
            (Form::PercentTwice, "a%2520b%252B%252F%25C3%25A4%2522%253C%2527%2526%253D~"),
            (Form::PercentEach, "%61%20%62%2b%2f%c3%a4%22%3c%27%26%3d%7e"),
            (Form::Json, "a b+/ä\\\"<'&=~"),
            (Form::Json, "a b+\\/\\u00e4\\\"<'&=~"),
            (Form::Json, "a b+/\\u00e4\\\"\\u003c\\u0027\\u0026=~"),
            (Form::Json, "a b+/ä\\\\\\\"<'&=~"),
            (Form::JsonEach, "\\u0061\\u0020\\u0062\\u002B\\u002F\\u00E4\\u0022\\u003C\\u0027\\u0026\\u003D\\u007E"),
            (Form::Html, "a b+/ä&quot;&lt;&#39;&amp;=~"),
            (Form::Html, "a b+/ä&quot;&lt;&#x27;&amp;=~"),
            (Form::HtmlEach, "&#97;&#32;&#98;&#43;&#47;&#228;&#34;&#60;&#39;&#38;&#61;&#126;"),
            (Form::QuotedPrintable, "a b+/=C3=A4\"<'&=3D~"),
            (Form::Hex, "6120622b2fc3a4223c27263d7e"),
            (Form::Hex, "6120622B2FC3A4223C27263D7E"),
            (Form::Base64, "YSBiKy/DpCI8JyY9f"),
            (Form::Base64, "YSBiKy%2FDpCI8JyY9f"),
            (Form::Base64Url, "YSBiKy_DpCI8JyY9f"),
        ] {
            assert!(form.of(SECRET).contains(&text.to_owned()), "{form:?} {text}: {:#?}", form.of(SECRET));
        }
        assert_eq!(basic("id", "hush")[3], "aWQ6aHVza");
    }

    #[test]
    fn base64_is_known_wherever_the_secret_begins_and_whatever_stands_around_it() {
        for before in 0..7 {
            for after in 0..7 {
                let text = format!("{}{SECRET}{}", &"id:name"[..before], &"\",more~"[..after]);
                let encoded = STANDARD_NO_PAD.encode(&text);
                assert!(Form::Base64.of(SECRET).iter().any(|form| encoded.contains(form.as_str())), "{text}");
            }
        }
    }
}
