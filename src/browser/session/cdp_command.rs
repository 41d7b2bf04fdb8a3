//! Commands of Chromium's own protocol, by chromedriver's way to them. Other drivers do not know that way.

use fantoccini::wd::WebDriverCompatibleCommand;
use hyper::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A command that Chromium itself takes, for the tab in front.
#[derive(Debug)]
pub(in crate::browser) struct OfChromium {
    pub(in crate::browser) method: &'static str,
    pub(in crate::browser) params: Value,
}

impl WebDriverCompatibleCommand for OfChromium {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/goog/cdp/execute", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _request_url: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.method, "params": self.params }).to_string()))
    }
}
