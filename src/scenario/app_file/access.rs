//! Credentials for an app behind access control, such as a staging site.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::Deserialize;

/// Credentials for access control in front of the app. Cookies are sent to the app's host only; headers with every request.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Access {
    /// `user` and `password` of HTTP basic authentication.
    pub basic_auth: Option<BasicAuth>,
    /// Headers of every request, such as `X-Preview: ${PREVIEW_KEY}`. Headers that a page's own script sets take precedence.
    pub headers: BTreeMap<String, String>,
    /// Cookies that the browser has from the beginning, by name.
    pub cookies: BTreeMap<String, String>,
}

/// HTTP basic authentication.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BasicAuth {
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
}

impl Access {
    /// The headers of each request, the one of basic authentication included.
    pub fn headers_to_send(&self) -> Vec<(String, String)> {
        let basic = self.basic_auth.as_ref().map(|basic| {
            let encoded = STANDARD.encode(format!("{}:{}", basic.user, basic.password));
            ("Authorization".to_owned(), format!("Basic {encoded}"))
        });
        self.headers.iter().map(|(name, value)| (name.clone(), value.clone())).chain(basic).collect()
    }

    /// The headers of each request, the one of the cookies included, for requests that flowcheck sends itself.
    pub fn headers_with_cookies(&self) -> Vec<(String, String)> {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookie = (!cookies.is_empty()).then(|| ("Cookie".to_owned(), cookies.join("; ")));
        self.headers_to_send().into_iter().chain(cookie).collect()
    }

    /// Whether the app needs no credentials.
    pub fn is_open(&self) -> bool {
        self.basic_auth.is_none() && self.headers.is_empty() && self.cookies.is_empty()
    }
}
