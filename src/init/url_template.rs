//! URLs of one world turned into templates for `flowcheck.yaml`.

use url::Url;

/// The URL with `{port}` for the port, where `template` (the app's base URL as written) has `{port}`, and `base` (the same URL in
/// this world) has that port.
pub(super) fn as_written(seen: &str, base: &str, template: &str) -> String {
    let port = |address: &str| Url::parse(address).ok().and_then(|url| url.port());
    match (port(seen), port(base)) {
        (Some(seen_port), Some(base_port)) if seen_port == base_port && template.contains("{port}") => {
            seen.replacen(&format!(":{seen_port}"), ":{port}", 1)
        }
        _ => seen.to_owned(),
    }
}

/// The URL without query and fragment. A single-page app's `#/page` is kept.
pub(super) fn page(address: &str) -> String {
    let routed = address.split_once('#').is_some_and(|(_, after)| after.starts_with('/') || after.starts_with('!'));
    let end = if routed { address.len() } else { address.find(['?', '#']).unwrap_or(address.len()) };
    address[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worlds_port_is_a_placeholder_again() {
        let (base, template) = ("http://localhost:4001", "http://localhost:{port}");
        let written = |seen| as_written(seen, base, template);
        assert_eq!(written("http://localhost:4001/cb"), "http://localhost:{port}/cb");
        assert_eq!(written("http://127.0.0.1:4001/:4001"), "http://127.0.0.1:{port}/:4001");
        assert_eq!(written("http://localhost:9999/cb"), "http://localhost:9999/cb");
        assert_eq!(as_written("http://localhost:4001/cb", base, base), "http://localhost:4001/cb");
    }

    #[test]
    fn a_pages_address_has_no_query() {
        assert_eq!(page("http://a/login?next=%2F#top"), "http://a/login");
        assert_eq!(page("http://a/#/settings?tab=1"), "http://a/#/settings?tab=1");
    }
}
