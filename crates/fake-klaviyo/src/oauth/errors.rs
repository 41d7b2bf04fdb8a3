//! OAuth errors: JSON for programs, redirects for browsers.

use hyper::header::{CACHE_CONTROL, HeaderValue, PRAGMA, WWW_AUTHENTICATE};
use hyper::http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::http::response::Response;

/// What a query value leaves unescaped.
const QUERY_VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Why the token or revocation endpoint rejects a request (D, R 6749 §5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OAuthError {
    /// The error code.
    pub(crate) error: &'static str,
    /// The description that the client receives.
    pub(crate) description: String,
    /// The reason that only the timeline records.
    pub(crate) reason: String,
}

impl OAuthError {
    /// The request itself is wrong.
    pub(crate) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }

    /// The grant type is missing or unknown, or cannot be read because the body is no form (D: Klaviyo's own code, where R 6749 has
    /// `unsupported_grant_type`).
    pub(crate) fn invalid_grant_type(description: impl Into<String>) -> Self {
        Self::new("invalid_grant_type", description)
    }

    /// The PKCE verifier does not have the form that Klaviyo gives (D, quotation marks included, which R 6749 §5.2 does not allow).
    pub(crate) fn invalid_code_verifier(reason: impl Into<String>) -> Self {
        let description = "Invalid \"code_verifier\"".to_owned();
        Self { error: "invalid_request", description, reason: reason.into() }
    }

    /// Client authentication failed; answered with 401.
    pub(crate) fn invalid_client(reason: impl Into<String>) -> Self {
        let description = "Client authentication failed.".to_owned();
        Self { error: "invalid_client", description, reason: reason.into() }
    }

    /// The code or refresh token is not valid. The client receives the description, the timeline also the reason.
    pub(crate) fn invalid_grant(description: impl Into<String>, reason: impl Into<String>) -> Self {
        let description: String = description.into();
        Self { error: "invalid_grant", description: described(&description), reason: reason.into() }
    }

    /// Any OAuth error, whose reason is its description.
    pub(crate) fn new(error: &'static str, description: impl Into<String>) -> Self {
        let reason: String = description.into();
        Self { error, description: described(&reason), reason }
    }

    /// The error response: 400, or 401 for `invalid_client`.
    pub(crate) fn response(&self) -> Response {
        let body = json!({"error": self.error, "error_description": self.description});
        if self.error == "invalid_client" {
            return no_store(Response::json(StatusCode::UNAUTHORIZED, &body))
                .header(WWW_AUTHENTICATE, "Basic realm=\"Klaviyo OAuth\"");
        }
        no_store(Response::json(StatusCode::BAD_REQUEST, &body))
    }
}

/// A description in the characters that it may have (R 6749 §4.1.2.1, §5.2); others may have come from the request.
pub(crate) fn described(description: &str) -> String {
    description
        .chars()
        .map(|one| if matches!(one, ' '..='~') && !matches!(one, '"' | '\\') { one } else { '?' })
        .collect()
}

/// Forbids caching of a response (R 6749 §5.1).
pub(crate) fn no_store(mut response: Response) -> Response {
    response.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// The app's redirect URI with these parameters added to its query; parameters without a value are omitted.
pub(crate) fn redirect_to_app(redirect_uri: &str, parameters: &[(&str, Option<&str>)]) -> String {
    let mut url = redirect_uri.to_owned();
    let mut separator = if redirect_uri.contains('?') { '&' } else { '?' };
    for (name, value) in parameters {
        let Some(value) = value else { continue };
        url.push(separator);
        url.push_str(name);
        url.push('=');
        url.extend(utf8_percent_encode(value, QUERY_VALUE));
        separator = '&';
    }
    url
}

/// The response to token requests at `www.klaviyo.com` since 2025-03-31: 403 and a page (D).
pub(crate) fn wrong_host() -> Response {
    crate::pages::error(
        StatusCode::FORBIDDEN,
        "Forbidden",
        "Token requests are not answered at this host. Send them to a.klaviyo.com.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_only_the_characters_that_it_may_have() {
        assert_eq!(described("scope is given more than once."), "scope is given more than once.");
        assert_eq!(described("p\u{e4}ss \"x\\\n\u{7f}"), "p?ss ?x???");
    }

    #[test]
    fn parameters_join_the_query_that_is_there() {
        let parameters = [("code", Some("c d")), ("state", None), ("error", Some("é&="))];
        assert_eq!(redirect_to_app("http://h/cb", &parameters), "http://h/cb?code=c%20d&error=%C3%A9%26%3D");
        assert_eq!(redirect_to_app("http://h/cb?x=1", &parameters[..1]), "http://h/cb?x=1&code=c%20d");
    }
}
