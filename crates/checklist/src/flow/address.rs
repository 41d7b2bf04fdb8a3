//! Addresses: short enough for a sentence, compared with others, taken apart.

use flowcheck_evidence::{Page, Setup};

use crate::verdict::Value;

/// Where a page is: its path on the app's own host, or after the name of the platform that the app lives in, else host and path.
pub(crate) fn place(page: &Page, setup: &Setup) -> Value {
    Value::address(short(&page.url, setup))
}

/// An address without its query, and without the host where that is the app's own.
pub(crate) fn short(address: &str, setup: &Setup) -> String {
    let without_query = address.split(['?', '#']).next().unwrap_or(address);
    let own = setup.app.url.trim_end_matches('/');
    let host = setup.app.host.as_ref();
    let on_host = host.and_then(|host| Some((host, without_query.strip_prefix(host.url.trim_end_matches('/'))?)));
    match (without_query.strip_prefix(own), on_host) {
        (Some(""), _) => "/".to_owned(),
        (Some(path), _) if path.starts_with('/') => path.to_owned(),
        (_, Some((host, path))) if path.is_empty() || path.starts_with('/') => format!("{}{path}", host.name),
        _ => without_query.trim_start_matches("http://").trim_start_matches("https://").to_owned(),
    }
}

/// Whether an address is a base URL or below it.
pub(crate) fn is_below(address: &str, base: &str) -> bool {
    let rest = address.strip_prefix(base.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

/// The host of an address that is neither the app's, nor its platform's, nor Klaviyo's, nor this machine.
pub(crate) fn foreign_host(url: &str, setup: &Setup) -> Option<String> {
    let name = |url: &str| host_of(url).rsplit_once(':').map_or_else(|| host_of(url), |(host, _)| host.to_owned());
    let host = name(url);
    let app = &setup.app;
    let own = [&app.url, &app.install_url]
        .into_iter()
        .chain(&app.redirect_uris)
        .chain(app.host.as_ref().map(|host| &host.url));
    let here = host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host.starts_with('[');
    let klaviyos = || {
        let hosts = setup.klaviyo_hosts.iter().map(|klaviyo| name(klaviyo));
        hosts.into_iter().any(|klaviyo| host == klaviyo || host.ends_with(&format!(".{klaviyo}")))
    };
    let known = !url.starts_with("http") || here || own.into_iter().any(|url| name(url) == host) || klaviyos();
    (!known).then_some(host)
}

/// Host and port of an address.
pub(crate) fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned()
}
