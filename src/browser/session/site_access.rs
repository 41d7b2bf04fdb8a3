//! What a site that is not public wants to see: cookies, which go to its host, and headers.
//!
//! Headers go with every request of the user, to whatever host: stopping requests to add them to some (BiDi's interception) loses
//! those that a redirect takes to another process.

use serde_json::json;
use url::Url;

use crate::browser::{BrowserError, User};

/// What a user carries. Shows itself to nobody.
#[derive(Clone)]
pub struct SiteAccess {
    /// An address of the site.
    pub origin: Url,
    /// Headers of each request.
    pub headers: Vec<(String, String)>,
    /// Cookies that are there from the beginning.
    pub cookies: Vec<(String, String)>,
}

impl std::fmt::Debug for SiteAccess {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SiteAccess").field("origin", &self.origin.as_str()).finish_non_exhaustive()
    }
}

impl User {
    /// From now on has this on it. Needs WebDriver BiDi.
    pub async fn carry(&mut self, pass: &SiteAccess) -> Result<(), BrowserError> {
        let Some(context) = &self.context else { return Err(BrowserError::NeedsBidi("`access` of flowcheck.yaml")) };
        let host = pass.origin.host_str().unwrap_or_default();
        let secure = pass.origin.scheme() == "https";
        for (name, value) in &pass.cookies {
            let value = json!({ "type": "string", "value": value });
            let cookie = json!({ "name": name, "value": value, "domain": host, "path": "/", "secure": secure, "sameSite": "lax" });
            let partition = json!({ "type": "context", "context": context.tab });
            context.bidi.send("storage.setCookie", &json!({ "cookie": cookie, "partition": partition })).await?;
        }
        let header =
            |(name, value): &(String, String)| json!({ "name": name, "value": { "type": "string", "value": value } });
        self.headers = pass.headers.iter().map(header).collect();
        self.carry_on().await
    }

    /// Has the window in front carry it as well.
    pub(in crate::browser) async fn carry_on(&self) -> Result<(), BrowserError> {
        let Some(context) = self.context.as_ref().filter(|_| !self.headers.is_empty()) else { return Ok(()) };
        let wanted = json!({ "headers": self.headers, "contexts": [context.tab] });
        context.bidi.send("network.setExtraHeaders", &wanted).await?;
        Ok(())
    }
}
