//! What a site that is not public wants to see: headers and cookies that go to its origin, and to no other.
//!
//! Headers are put into each request to the origin as the browser stops it (WebDriver BiDi's interception); nothing else is stopped.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use url::Url;

use super::bidi::Post;
use super::{BrowserError, User};

/// What goes to one origin. Shows itself to nobody.
#[derive(Clone)]
pub struct Pass {
    /// An address of that origin.
    pub origin: Url,
    /// Headers of each request.
    pub headers: Vec<(String, String)>,
    /// Cookies that are there from the beginning.
    pub cookies: Vec<(String, String)>,
}

impl std::fmt::Debug for Pass {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pass").field("origin", &self.origin.as_str()).finish_non_exhaustive()
    }
}

/// Headers by the interception that stops requests for them.
#[derive(Clone, Default)]
pub(super) struct Passes(Arc<Mutex<HashMap<String, Headers>>>);

/// Names and values.
type Headers = Vec<(String, String)>;

impl std::fmt::Debug for Passes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Passes")
    }
}

impl User {
    /// From now on has this on it. Needs WebDriver BiDi.
    pub async fn carry(&self, pass: &Pass) -> Result<(), BrowserError> {
        let Some(context) = &self.context else { return Err(BrowserError::NeedsBidi("`access` of flowcheck.yaml")) };
        let host = pass.origin.host_str().unwrap_or_default();
        let secure = pass.origin.scheme() == "https";
        for (name, value) in &pass.cookies {
            let value = json!({ "type": "string", "value": value });
            let cookie = json!({ "name": name, "value": value, "domain": host, "path": "/", "secure": secure, "sameSite": "lax" });
            let partition = json!({ "type": "context", "context": context.tab });
            context.bidi.send("storage.setCookie", &json!({ "cookie": cookie, "partition": partition })).await?;
        }
        if pass.headers.is_empty() {
            return Ok(());
        }
        let port = pass.origin.port().map(|port| port.to_string()).unwrap_or_default();
        let pattern = json!({ "type": "pattern", "protocol": pass.origin.scheme(), "hostname": host, "port": port });
        let wanted = json!({ "phases": ["beforeRequestSent"], "contexts": [context.tab], "urlPatterns": [pattern] });
        let answer = context.bidi.send("network.addIntercept", &wanted).await?;
        let id = answer["intercept"].as_str().unwrap_or_default().to_owned();
        self.passes.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, pass.headers.clone());
        Ok(())
    }
}

impl Passes {
    /// Sends a request that was stopped on its way, with the headers that it was stopped for.
    pub(super) fn let_through(&self, post: &Post, event: &Value) {
        if event["isBlocked"] != true {
            return;
        }
        let passes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stopped_by = event["intercepts"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let added = stopped_by.filter_map(|id| passes.get(id)).flatten();
        let mut headers = event["request"]["headers"].as_array().cloned().unwrap_or_default();
        for (name, value) in added {
            // What the page's own script sets is its business.
            let is_set =
                headers.iter().any(|header| header["name"].as_str().is_some_and(|set| set.eq_ignore_ascii_case(name)));
            if !is_set {
                headers.push(json!({ "name": name, "value": { "type": "string", "value": value } }));
            }
        }
        post.send("network.continueRequest", &json!({ "request": event["request"]["request"], "headers": headers }));
    }
}
