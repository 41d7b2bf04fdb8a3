//! An exchange as a curl command. The journal holds no secrets: shell variables take their place, those that
//! `flowcheck serve` exports where there is one.

use flowcheck_evidence::Exchange;

/// Headers that curl or the connection sets on its own.
const BY_ITSELF: &[&str] =
    &["host", "content-length", "connection", "accept-encoding", "user-agent", "accept", "cookie"];

/// The command; `base` is scheme and host.
pub(crate) fn curl(exchange: &Exchange, base: &str) -> String {
    let query: Vec<String> =
        exchange.query.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let mut words = vec![format!(
        "curl -sS -X {} {}",
        quoted(&exchange.method),
        quoted(&format!("{base}{}{query}", exchange.path))
    )];
    for (name, value) in &exchange.request_headers {
        if BY_ITSELF.contains(&name.as_str()) {
            continue;
        }
        words.push(match value.split_once(' ') {
            Some((scheme, _)) if name == "authorization" && scheme.eq_ignore_ascii_case("basic") => {
                "-u \"$KLAVIYO_CLIENT_ID:$KLAVIYO_CLIENT_SECRET\"".to_owned()
            }
            _ => format!("-H {}", quoted(&format!("{name}: {value}"))),
        });
    }
    if let Some(body) = &exchange.request_body {
        words.push(format!("--data-raw {}", quoted(body)));
    }
    words.join(" \\\n  ")
}

/// A parameter, escaped for a URL unless it stands for a secret.
fn escaped(text: &str) -> String {
    if text.contains('‹') { text.to_owned() } else { url::form_urlencoded::byte_serialize(text.as_bytes()).collect() }
}

/// A shell word: quoted, with a variable for each `‹label fingerprint›`.
fn quoted(text: &str) -> String {
    let mut word = String::new();
    let mut rest = text;
    while let Some((before, label, after)) = secret_in(rest) {
        let name = label.to_ascii_uppercase().replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
        word.extend([literal(before).as_str(), "\"$", &name, "\""]);
        rest = after;
    }
    word.push_str(&literal(rest));
    if word.is_empty() { "''".to_owned() } else { word }
}

/// The text before the first secret, the secret's label, and the text after it.
fn secret_in(text: &str) -> Option<(&str, &str, &str)> {
    let (before, after) = text.split_once('‹')?;
    let (secret, after) = after.split_once('›')?;
    Some((before, secret.rsplit_once(' ').map_or(secret, |(label, _)| label), after))
}

fn literal(text: &str) -> String {
    // Only text with a null byte cannot be quoted.
    if text.is_empty() { String::new() } else { shlex::try_quote(text).unwrap_or_default().into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_secret_is_quoted_and_what_is_one_is_a_variable() {
        assert_eq!(quoted("a'b $(reboot)"), r#""a'b "'$(reboot)'"#);
        assert_eq!(
            quoted("grant_type=refresh_token&refresh_token=‹refresh_token 12ab›&x=1"),
            r#"'grant_type=refresh_token&refresh_token='"$REFRESH_TOKEN"'&x=1'"#
        );
        assert_eq!(quoted("authorization: Bearer ‹token 12ab›"), r#"'authorization: Bearer '"$TOKEN""#);
        assert_eq!(quoted("‹control secret 1›"), r#""$CONTROL_SECRET""#);
        assert_eq!(quoted("‹"), "'‹'");
    }
}
