//! Whether what the app sends to Klaviyo is what `flowcheck.yaml` says is registered there.

use url::Url;

use super::{Blame, Finding};
use crate::evidence::{AuthorizeCall, Setup};
use crate::scenario::AppFile;

/// What a value has that stands in a file of `flowcheck init` for one that is not known.
pub const NOT_KNOWN_YET: &str = "not-known-yet";
const CLIENT: &str = "client id";
const REDIRECT: &str = "redirect URI";

/// The settings of the app at Klaviyo without which no installation begins, as far as the file does not know them yet; none where it knows
/// all.
pub fn not_known_yet(app: &AppFile) -> Option<Finding> {
    let klaviyo = &app.klaviyo;
    let uris = || klaviyo.redirect_uris.iter().map(|uri| uri.value.as_str());
    let values = [
        ("client_id", klaviyo.client_id.contains(NOT_KNOWN_YET)),
        ("redirect_uris", uris().any(|uri| uri.contains(NOT_KNOWN_YET))),
        ("install_url", klaviyo.install_url.value.contains(NOT_KNOWN_YET)),
    ];
    let open: Vec<String> =
        values.iter().filter(|(_, is_open)| *is_open).map(|(name, _)| format!("`klaviyo.{name}`")).collect();
    (!open.is_empty()).then(|| {
        let saw = format!("{} is {NOT_KNOWN_YET}, as flowcheck init left it", open.join(", "));
        let remedy = "write what the app's settings at Klaviyo say; flowcheck init with --client-id or --install-url completes the file, \
                      too";
        Finding::fails("registration", Blame::Configuration, saw, remedy)
    })
}

/// Whether the client id is the one, and the redirect URI one of those, that are registered.
pub(super) fn registration(request: &AuthorizeCall, setup: &Setup) -> Vec<Finding> {
    let sent = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    if !request.client_known {
        let saw = format!("the app sends {}, flowcheck.yaml says {}", sent(&request.client_id), setup.app.client_id);
        let remedy = "give both the same: `klaviyo.client_id`, and what the app is configured with (`start.env`)";
        return vec![Finding::fails(CLIENT, Blame::Configuration, saw, remedy)];
    }
    let redirect = if request.redirect_uri_registered {
        Finding::holds(REDIRECT, sent(&request.redirect_uri))
    } else {
        let registered = setup.app.redirect_uris.join(", ");
        let saw = format!("the app sends {}; registered: {registered}", sent(&request.redirect_uri));
        let remedy = if setup.app.redirect_uris.iter().any(|uri| differs_in_host_alone(uri, request)) {
            "the two differ in the host's name alone: localhost and 127.0.0.1 are two hosts to Klaviyo, and to the browser's cookies. Use \
             one of them in `url`, `klaviyo.redirect_uris` and what the app is told its own address is"
        } else {
            "register it, character by character the same: `klaviyo.redirect_uris`, and the app's settings at Klaviyo"
        };
        Finding::fails(REDIRECT, Blame::Configuration, saw, remedy)
    };
    vec![Finding::holds(CLIENT, &setup.app.client_id), redirect]
}

/// Whether the callback is at another name of this machine than the one that the user logged in at, so that the app knows nobody there.
pub(super) fn callback_elsewhere(request: &AuthorizeCall, setup: &Setup) -> Option<Finding> {
    let (app, callback) = (Url::parse(&setup.app.url).ok()?, Url::parse(request.redirect_uri.as_deref()?).ok()?);
    let (here, there) = (loopback_name(&app)?, loopback_name(&callback)?);
    (here != there).then(|| {
        let saw = format!(
            "the callback is at {there}, and people log in at {here}: the browser sends the cookies of one to no other, and no code was exchanged"
        );
        Finding::fails(REDIRECT, Blame::App, saw, format!("use {here} in the redirect URI too, in the app and at Klaviyo"))
    })
}

/// The name of this machine that an address has; none for another machine's.
fn loopback_name(url: &Url) -> Option<&str> {
    url.host_str().filter(|host| matches!(*host, "localhost" | "127.0.0.1" | "[::1]"))
}

/// Whether the app sends this URI with another name of this machine.
fn differs_in_host_alone(registered: &str, request: &AuthorizeCall) -> bool {
    let (Some(sent), Ok(registered)) = (&request.redirect_uri, Url::parse(registered)) else { return false };
    let Ok(sent) = Url::parse(sent) else { return false };
    let rest = |url: &Url| (url.scheme().to_owned(), url.port_or_known_default(), url.path().to_owned());
    let same = rest(&sent) == rest(&registered) && sent.query() == registered.query();
    let (one, other) = (loopback_name(&sent), loopback_name(&registered));
    one.is_some() && other.is_some() && one != other && same
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_names_of_this_machine_are_told_from_two_addresses() {
        let sends = |uri: &str| AuthorizeCall { redirect_uri: Some(uri.to_owned()), ..AuthorizeCall::default() };
        let registered = "http://localhost:3000/callback?a=b";
        assert!(differs_in_host_alone(registered, &sends("http://127.0.0.1:3000/callback?a=b")));
        assert!(differs_in_host_alone(registered, &sends("http://[::1]:3000/callback?a=b")));
        for other in [
            "http://localhost:3000/callback?a=b",
            "http://127.0.0.1:3000/callback",
            "http://127.0.0.1:3001/callback?a=b",
            "https://127.0.0.1:3000/callback?a=b",
            "http://127.0.0.1:3000/callback/?a=b",
            "http://shop.example:3000/callback?a=b",
        ] {
            assert!(!differs_in_host_alone(registered, &sends(other)), "{other}");
        }
    }
}
