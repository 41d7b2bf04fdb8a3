//! Authorization queries, token bodies and Basic headers.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::http::StatusCode;
use percent_encoding::percent_decode_str;
use url::{Url, form_urlencoded};

use crate::fuzz_targets::scene::{APP, CALLBACK, CODE, Played, REFRESH, SECRET, VERIFIER, with};

const FORM: &str = "application/x-www-form-urlencoded";
/// Parameters that are secrets, of either endpoint.
const SECRETS: [&str; 7] =
    ["state", "code_challenge", "code", "code_verifier", "refresh_token", "client_secret", "access_token"];

/// The query of an authorization request: the browser is sent nowhere but to the app or the login, with the `state` that was sent, and
/// no secret is recorded.
///
/// # Panics
///
/// Where that is not so.
pub fn authorize_query(query: &[u8]) {
    // A fragment is no part of it.
    let query = query.split(|byte| *byte == b'#').next().unwrap_or_default();
    let target = [b"/oauth/authorize?", query].concat();
    with(|scene| {
        let Some(played) = scene.play(hyper::Request::get(target.as_slice()), b"") else { return };
        let status = played.response.status;
        assert!(matches!(status.as_u16(), 302 | 400), "{status}");
        if status == StatusCode::FOUND {
            let location = played.response.headers.get(LOCATION).and_then(|location| location.to_str().ok());
            let location = location.expect("a redirect has a text to go to");
            if !location.starts_with("/login?attempt=") {
                let to = Url::parse(location).expect("the app's address");
                assert!(location.starts_with(CALLBACK) && to.fragment().is_none(), "{location}");
                let back = |name: &str| {
                    let mut found =
                        to.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
                    (found.next(), found.next())
                };
                let sent: Vec<String> =
                    pairs(query).into_iter().filter(|(key, _)| key == "state").map(|pair| pair.1).collect();
                let expected = match sent.as_slice() {
                    [one] if !one.is_empty() => Some(one.clone()),
                    _ => None,
                };
                assert_eq!(back("state"), (expected, None));
                assert!(back("error").0.is_some() && back("error").1.is_none() && back("code").0.is_none());
            }
        }
        hides_all(&played, query);
    });
}

/// The body of a token request of the app's: tokens are given for the code with its verifier or for the refresh token, for a code once,
/// and no secret is recorded.
///
/// # Panics
///
/// Where that is not so.
pub fn token_body(body: &[u8]) {
    with(|scene| {
        let mut ask = || {
            let basic = base64::engine::general_purpose::STANDARD.encode(format!("{APP}:{SECRET}"));
            let head = hyper::Request::post("/oauth/token").header(AUTHORIZATION, format!("Basic {basic}"));
            scene.play(head.header(CONTENT_TYPE, FORM), body).expect("the head is HTTP")
        };
        let played = ask();
        let form = pairs(body);
        let given = |name: &str, value: &str| form.iter().any(|(key, sent)| key == name && sent == value);
        let by_code = given("grant_type", "authorization_code")
            && given("code", CODE)
            && given("redirect_uri", CALLBACK)
            && given("code_verifier", VERIFIER);
        let by_token = given("grant_type", "refresh_token") && given("refresh_token", REFRESH);
        match played.response.status.as_u16() {
            200 => {
                assert!(by_code || by_token, "tokens were given for {form:?}");
                let tokens: serde_json::Value = serde_json::from_str(played.text()).expect("JSON");
                for name in ["access_token", "refresh_token"] {
                    played.hides(name, tokens[name].as_str().expect("a token"));
                }
                assert_eq!(
                    ask().response.status == StatusCode::OK,
                    by_token && !given("grant_type", "authorization_code")
                );
            }
            400 | 401 => {}
            other => panic!("{other}"),
        }
        hides_all(&played, body);
    });
}

/// The `Authorization` header of a token request: nothing but the app's credentials lets it in, and it is not recorded.
///
/// # Panics
///
/// Where that is not so.
pub fn basic_header(header: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(header) else { return };
    with(|scene| {
        let head = hyper::Request::post("/oauth/token").header(AUTHORIZATION, &value).header(CONTENT_TYPE, FORM);
        let body = format!("grant_type=refresh_token&refresh_token={REFRESH}");
        let played = scene.play(head, body.as_bytes()).expect("the head is HTTP");
        match played.response.status {
            StatusCode::OK => assert!(is_ours(header), "{header:?} was let in"),
            StatusCode::UNAUTHORIZED => {}
            other => panic!("{other}"),
        }
        if let Ok(text) = value.to_str() {
            played.hides("header", text);
            text.split(' ').for_each(|word| played.hides("credentials", word));
        }
    });
}

/// Whether a header is `Basic` with the app's credentials, as they are or percent-encoded.
fn is_ours(header: &[u8]) -> bool {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let base64 = GeneralPurpose::new(&alphabet::STANDARD, config);
    let text = String::from_utf8_lossy(header);
    let Some((scheme, rest)) = text.split_once(' ') else { return false };
    let Ok(pair) = base64.decode(rest.trim()) else { return false };
    let pair = String::from_utf8_lossy(&pair).into_owned();
    let decoded = percent_decode_str(&pair.replace('+', " ")).decode_utf8_lossy().into_owned();
    scheme.eq_ignore_ascii_case("basic") && [pair, decoded].contains(&format!("{APP}:{SECRET}"))
}

/// Names and values as another reader of forms has them.
fn pairs(form: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(form).into_owned().collect()
}

fn hides_all(played: &Played, form: &[u8]) {
    for (name, value) in pairs(form).iter().filter(|(name, _)| SECRETS.contains(&name.as_str())) {
        played.hides(name, value);
    }
}
