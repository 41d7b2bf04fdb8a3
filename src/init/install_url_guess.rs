//! Guesses of the installation URL, which the app's listing links to.

use url::Url;

use super::url_template::page;

/// Usual last segments of an installation's path, beside the callback's.
const USUAL: [&str; 4] = ["install", "connect", "authorize", "auth"];

/// URLs that may begin an installation, the likeliest first: the connect control's, where it is the same for every user, and
/// the usual neighbours of the redirect URI.
pub fn install_url_candidates(connect_url: Option<&str>, redirect_uri: &str) -> Vec<String> {
    let mut all = Vec::new();
    // A URL parser does not accept `{port}`.
    let mut guess = |address: String| {
        if !all.contains(&address) {
            all.push(address);
        }
    };
    let connect = connect_url.filter(|url| !url.contains('?')).map(page);
    if let Some(connect) = &connect {
        guess(connect.clone());
    }
    let callback = page(redirect_uri);
    if let Some((folder, _)) = callback.trim_end_matches('/').rsplit_once('/')
        && has_path(folder)
    {
        for last in USUAL {
            guess(format!("{folder}/{last}"));
        }
        guess(folder.to_owned());
    }
    all
}

/// Whether the URL has a path.
fn has_path(address: &str) -> bool {
    let sample = address.replace("{port}", "1");
    Url::parse(&sample).is_ok_and(|url| url.path() != "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_connects_comes_first_and_then_what_stands_beside_the_callback() {
        let found = install_url_candidates(
            Some("http://localhost:{port}/klaviyo/start"),
            "http://localhost:{port}/klaviyo/callback",
        );
        assert_eq!(found[..2], ["http://localhost:{port}/klaviyo/start", "http://localhost:{port}/klaviyo/install"]);
        assert_eq!(found.last().map(String::as_str), Some("http://localhost:{port}/klaviyo"));
    }

    #[test]
    fn what_connects_one_tenant_alone_is_none() {
        assert!(
            install_url_candidates(Some("http://localhost:3000/connect?store=7"), "http://localhost:3000/callback")
                .is_empty()
        );
    }
}
