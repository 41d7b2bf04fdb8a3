//! Guesses of the installation URL, which the app's listing links to.

use url::Url;

use super::url_template::page;

/// Usual last segments of an installation's path, beside the callback's.
const USUAL: [&str; 4] = ["install", "connect", "authorize", "auth"];
/// What an installation's path has in place of the callback's, where both end in Klaviyo's name.
const INSTEAD: [&str; 3] = ["connect", "install", "auth"];
/// Guesses after which it is better to ask.
const MOST: usize = 6;

/// What was seen on the way to Klaviyo.
#[derive(Debug, Clone, Copy, Default)]
pub struct WayToKlaviyo<'a> {
    /// The connect control's URL.
    pub connect: Option<&'a str>,
    /// Whether another user's was the same.
    pub same_for_all: bool,
    /// The app's last URL before Klaviyo's.
    pub led_from: Option<&'a str>,
    /// The addresses of links that were seen.
    pub links: &'a [(String, String)],
}

/// URLs that may begin an installation, the likeliest first: those that led to Klaviyo, where they are the same for every user, links that
/// promise it, and the usual neighbours of the redirect URI.
pub fn install_url_candidates(seen: WayToKlaviyo<'_>, redirect_uri: &str) -> Vec<String> {
    let callback = page(redirect_uri);
    let mut all = Vec::new();
    // A URL parser does not accept `{port}`.
    let mut guess = |address: String| {
        // Where pages are told apart by their queries alone, the callback shares its path with others.
        let is_another = page(&address) != callback
            || redirect_uri.contains('?') && address.contains('?') && address != redirect_uri;
        if is_another && !all.contains(&address) {
            all.push(address);
        }
    };
    // A query may say what this one control wants, such as that the answer closes a popup.
    let led = || [seen.connect, seen.led_from].into_iter().flatten();
    led().filter(|url| has_path(url)).for_each(|url| guess(page(url)));
    let with_query = |url: &&str| url.contains('?') && seen.same_for_all && !carries_state(url);
    led().filter(with_query).for_each(|url| guess(url.to_owned()));
    let promises = |link: &str| {
        let path = page(link).to_lowercase();
        path.contains("klaviyo") && USUAL.iter().any(|word| path.contains(word)) && !path.contains("disconnect")
    };
    seen.links
        .iter()
        .filter(|(_, link)| !link.contains('?') && promises(link))
        .for_each(|(_, link)| guess(link.clone()));
    if let Some((folder, name)) = callback.trim_end_matches('/').rsplit_once('/')
        && has_path(folder)
    {
        if name.to_lowercase().contains("klaviyo") {
            if let Some((above, _)) = folder.rsplit_once('/') {
                for word in INSTEAD {
                    guess(format!("{above}/{word}/{name}"));
                }
            }
            guess(format!("{folder}/{name}/{}", USUAL[0]));
        } else {
            USUAL.iter().take(2).for_each(|last| guess(format!("{folder}/{last}")));
            guess(folder.to_owned());
            USUAL.iter().skip(2).for_each(|last| guess(format!("{folder}/{last}")));
        }
    }
    all.truncate(MOST);
    all
}

/// Whether a query has something of one attempt: a `state`, or a long random value.
fn carries_state(address: &str) -> bool {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    query.split('&').any(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        name == "state" || name.contains("token") || name.contains("nonce") || value.len() > 24
    })
}

/// Whether the URL has a path.
fn has_path(address: &str) -> bool {
    let sample = address.replace("{port}", "1");
    Url::parse(&sample).is_ok_and(|url| url.path() != "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connects(url: &str) -> WayToKlaviyo<'_> {
        WayToKlaviyo { connect: Some(url), ..WayToKlaviyo::default() }
    }

    #[test]
    fn what_connects_comes_first_and_then_what_stands_beside_the_callback() {
        let found = install_url_candidates(
            connects("http://localhost:{port}/klaviyo/start"),
            "http://localhost:{port}/klaviyo/callback",
        );
        assert_eq!(found[..2], ["http://localhost:{port}/klaviyo/start", "http://localhost:{port}/klaviyo/install"]);
        assert!(found.contains(&"http://localhost:{port}/klaviyo".to_owned()), "{found:?}");
        assert!(found.len() <= MOST, "{found:?}");
    }

    #[test]
    fn what_connects_one_tenant_alone_is_none() {
        let one = connects("http://localhost:3000/connect?store=7");
        assert_eq!(
            install_url_candidates(one, "http://localhost:3000/callback"),
            ["http://localhost:3000/connect"],
            "it may be everybody's without its query"
        );
        let all =
            WayToKlaviyo { same_for_all: true, ..connects("http://localhost:3000/admin.php?page=klaviyo&do=connect") };
        assert_eq!(
            install_url_candidates(all, "http://localhost:3000/callback"),
            ["http://localhost:3000/admin.php", "http://localhost:3000/admin.php?page=klaviyo&do=connect"]
        );
        let attempt = WayToKlaviyo { same_for_all: true, ..connects("http://localhost:3000/connect?state=x") };
        assert_eq!(
            install_url_candidates(attempt, "http://localhost:3000/callback"),
            ["http://localhost:3000/connect"]
        );
    }

    #[test]
    fn a_callback_that_differs_in_its_query_alone_is_another_page() {
        let seen = WayToKlaviyo { same_for_all: true, ..connects("http://a/admin.php?page=klaviyo&do=connect") };
        let found = install_url_candidates(seen, "http://a/admin.php?page=klaviyo&do=callback");
        assert_eq!(found[0], "http://a/admin.php?page=klaviyo&do=connect");
        let itself = WayToKlaviyo { same_for_all: true, ..connects("http://a/admin.php?page=klaviyo&do=callback") };
        assert!(install_url_candidates(itself, "http://a/admin.php?page=klaviyo&do=callback").is_empty());
        let found = install_url_candidates(
            WayToKlaviyo { same_for_all: true, ..connects("http://a/callback?x=1") },
            "http://a/callback",
        );
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_callback_that_ends_in_klaviyos_name_has_its_neighbour_one_level_up() {
        let found = install_url_candidates(WayToKlaviyo::default(), "http://localhost:3000/oauth/klaviyo");
        assert_eq!(found[0], "http://localhost:3000/connect/klaviyo");
        let found = install_url_candidates(WayToKlaviyo::default(), "http://localhost:3000/api/v1/callback/klaviyo");
        assert_eq!(found[0], "http://localhost:3000/api/v1/connect/klaviyo");
    }

    #[test]
    fn links_that_promise_it_come_before_guesses_and_none_that_disconnects_is_one() {
        let links = [
            "http://a/integrations/klaviyo/connect",
            "http://a/klaviyo/disconnect",
            "http://a/install",
            "http://a/help/klaviyo",
        ]
        .map(|link| (String::new(), link.to_owned()));
        let seen = WayToKlaviyo { links: &links, led_from: Some("http://a/go"), ..WayToKlaviyo::default() };
        let found = install_url_candidates(seen, "http://a/callback");
        assert_eq!(found, ["http://a/go", "http://a/integrations/klaviyo/connect"]);
    }
}
