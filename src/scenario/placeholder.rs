//! Placeholders of `flowcheck.yaml`, such as `{port}`, whose values differ between worlds.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The placeholders for URLs, commands and environment variables.
pub(super) const PLACEHOLDERS: &[&str] =
    &["port", "host_port", "data", "smtp_port", "klaviyo_www", "klaviyo_api", "tenant"];

/// Characters of a tenant's key that are not percent-encoded in a URL.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The values of the placeholders in one world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placeholders<'a> {
    /// `{port}`: the app's port.
    pub port: u16,
    /// `{host_port}`: the port of the app's host platform.
    pub host_port: u16,
    /// `{data}`: a folder for the app's data.
    pub data: &'a str,
    /// `{smtp_port}`: the port of the SMTP sink.
    pub smtp_port: u16,
    /// `{klaviyo_www}`: base URL of Klaviyo's pages.
    pub klaviyo_www: &'a str,
    /// `{klaviyo_api}`: base URL of Klaviyo's API.
    pub klaviyo_api: &'a str,
    /// `{tenant}`: a tenant's key, for pages of that tenant.
    pub tenant: Option<&'a str>,
}

impl Placeholders<'_> {
    /// Replaces the placeholders in a text; a tenant's key is percent-encoded. Braces around anything else stay.
    pub fn fill(&self, text: &str) -> String {
        let mut full = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((start, name)) = next(rest) {
            full.push_str(&rest[..start]);
            let end = start + name.len() + 2;
            match (name, self.tenant) {
                ("port", _) => write!(full, "{}", self.port).unwrap_or_default(),
                ("host_port", _) => write!(full, "{}", self.host_port).unwrap_or_default(),
                ("smtp_port", _) => write!(full, "{}", self.smtp_port).unwrap_or_default(),
                ("data", _) => full.push_str(self.data),
                ("klaviyo_www", _) => full.push_str(self.klaviyo_www),
                ("klaviyo_api", _) => full.push_str(self.klaviyo_api),
                ("tenant", Some(key)) => full.extend(utf8_percent_encode(key, UNRESERVED)),
                _ => full.push_str(&rest[start..end]),
            }
            rest = &rest[end..];
        }
        full + rest
    }
}

/// The names in braces: `port` in `http://localhost:{port}`. Braces around anything but lower-case letters and `_` are text.
pub(super) fn names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((start, name)) = next(rest) {
        names.push(name);
        rest = &rest[start + name.len() + 2..];
    }
    names
}

/// The first name in braces, and the offset of its opening brace.
fn next(text: &str) -> Option<(usize, &str)> {
    text.match_indices('{').find_map(|(start, _)| {
        let (name, _) = text[start + 1..].split_once('}')?;
        let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        named.then_some((start, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORLD: Placeholders<'_> = Placeholders {
        port: 4000,
        host_port: 5000,
        data: "/tmp/{port}",
        smtp_port: 2525,
        klaviyo_www: "https://www.klaviyo.com",
        klaviyo_api: "https://a.klaviyo.com",
        tenant: Some("Süd & Co"),
    };

    #[test]
    fn each_placeholder_is_replaced_once() {
        assert_eq!(WORLD.fill("http://localhost:{port}/{tenant}"), "http://localhost:4000/S%C3%BCd%20%26%20Co");
        assert_eq!(
            WORLD.fill("{data} {klaviyo_www}{klaviyo_api}"),
            "/tmp/{port} https://www.klaviyo.comhttps://a.klaviyo.com"
        );
    }

    #[test]
    fn other_braces_stay_as_they_are() {
        for text in [r#"{"a": {"b": 1}}"#, "{}", "{", "}{", "{Port}", "{other}", "{{"] {
            assert_eq!(WORLD.fill(text), text);
        }
        assert_eq!(WORLD.fill("{{port}}"), "{4000}");
    }
}
