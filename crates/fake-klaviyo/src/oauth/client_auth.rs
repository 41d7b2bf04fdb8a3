//! Authenticates the app that calls the token and revocation endpoints.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use hyper::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;

use crate::http::params::Params;
use crate::http::request::Request;
use crate::state::platform::State;
use flowcheck_evidence::{ClientAuth, Recorder};

use crate::oauth::errors::OAuthError;

/// How a client authenticated, and with what result.
pub(crate) struct ClientIdentity {
    /// Where its credentials were.
    pub(crate) how: ClientAuth,
    /// Its client id, or the reason for which its credentials were rejected.
    pub(crate) client_id: Result<String, OAuthError>,
}

/// Authenticates the client.
///
/// Klaviyo documents Basic credentials in the header (D). Its response to credentials in the body or the query is not
/// known (A): they are recorded and accepted, except in strict mode.
pub(crate) fn identify_client(
    request: &Request,
    form: &Params,
    state: &State,
    strict: bool,
    recorder: &Recorder,
) -> ClientIdentity {
    let header = request.header(AUTHORIZATION).and_then(basic);
    if let Some(encoded) = header {
        recorder.hide("basic", encoded);
    }
    let from_header = header.and_then(decoded);
    let (in_header, in_body) = (request.headers.contains_key(AUTHORIZATION), form.get("client_secret").is_some());
    let in_query = request.query.get("client_secret").is_some();
    let how = match (in_header, in_body, in_query) {
        (true, false, false) => ClientAuth::Basic,
        (false, true, false) => ClientAuth::Body,
        (false, false, true) => ClientAuth::Query,
        (false, false, false) => ClientAuth::None,
        _ => ClientAuth::Several,
    };
    let shown = match how {
        ClientAuth::Basic | ClientAuth::Several if in_header => from_header,
        ClientAuth::Query => pair(&request.query),
        _ => pair(form),
    };
    for value in [form, &request.query].into_iter().filter_map(|params| params.get("client_secret")) {
        recorder.hide("client_secret", value);
    }
    let client_id = match (how, shown) {
        (ClientAuth::None, _) => Err(OAuthError::invalid_client("no client credentials were sent")),
        (ClientAuth::Body | ClientAuth::Query | ClientAuth::Several, _) if strict => {
            Err(OAuthError::invalid_client("credentials elsewhere than in the Basic header, in strict mode"))
        }
        (_, None) => Err(OAuthError::invalid_client("the Authorization header is not Basic with an id and a secret")),
        (_, Some((id, secret))) => known(state, &id, &secret).ok_or_else(|| {
            OAuthError::invalid_client(match state.client(&id) {
                Some(_) => "the client secret is wrong",
                None => "no such client is registered",
            })
        }),
    };
    let client_id = client_id.and_then(|id| match form.get("client_id") {
        Some(other) if other != id => Err(OAuthError::invalid_client("the body's client_id is another's")),
        _ => Ok(id),
    });
    ClientIdentity { how, client_id }
}

/// The registered client with these credentials, taken as sent or percent-decoded (R 6749 §2.3.1).
fn known(state: &State, id: &str, secret: &str) -> Option<String> {
    let spelled = |id: &str, secret: &str| state.client(id).filter(|client| client.secret.matches(secret));
    let client = spelled(id, secret).or_else(|| spelled(&form_decoded(id), &form_decoded(secret)))?;
    Some(client.id.clone())
}

fn form_decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The credentials of a Basic header; the scheme's case is ignored.
fn basic(header: &str) -> Option<&str> {
    let (scheme, rest) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then(|| rest.trim())
}

fn decoded(encoded: &str) -> Option<(String, String)> {
    let bytes = STANDARD.decode(encoded).or_else(|_| STANDARD_NO_PAD.decode(encoded)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn pair(params: &Params) -> Option<(String, String)> {
    Some((params.get("client_id")?.to_owned(), params.get("client_secret")?.to_owned()))
}
