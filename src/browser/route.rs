//! The way to the network: through a proxy that is klaviyo.com, which is proven before anything is opened there.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::{BrowserError, User};

/// Characters of a strange answer that are shown.
const SHOWN: usize = 80;

/// A way to the network for one user.
#[derive(Debug, Clone)]
pub struct Route {
    /// The proxy for everything but this machine, which is reached directly.
    pub proxy: SocketAddr,
    /// An address that only that proxy answers as it should.
    pub probe: String,
    /// The text that it answers.
    pub answer: String,
}

impl Route {
    /// As WebDriver's capabilities and BiDi's user contexts take it. Browsers reach loopback addresses and names below
    /// `localhost` directly by themselves, whatever proxy is set.
    pub(super) fn in_webdriver(&self) -> Value {
        let proxy = self.proxy.to_string();
        json!({ "proxyType": "manual", "httpProxy": proxy, "sslProxy": proxy })
    }
}

impl User {
    /// Makes sure that the user's requests take this way; nothing else may be opened before.
    pub(super) async fn prove(&self, route: &Route) -> Result<(), BrowserError> {
        let saw = self.text_at(&route.probe).await?;
        if saw.trim() == route.answer {
            // Back to the empty page that a new user sees.
            return self.text_at("about:blank").await.map(drop);
        }
        Err(BrowserError::NotOurs { saw: saw.chars().take(SHOWN).collect() })
    }

    /// The text of the page at an address, read as soon as it is there; no hop of the user's.
    async fn text_at(&self, address: &str) -> Result<String, BrowserError> {
        const TEXT: &str = "document.documentElement.textContent";
        if let Some(context) = &self.context {
            let navigate = json!({ "context": context.tab, "url": address, "wait": "complete" });
            match context.bidi.send("browsingContext.navigate", &navigate).await {
                // An error page is an answer, too.
                Ok(_) => {}
                Err(BrowserError::Bidi { message, .. }) => return Ok(message),
                Err(error) => return Err(error),
            }
            let target = json!({ "context": context.tab });
            let evaluate = json!({ "expression": TEXT, "target": target, "awaitPromise": false });
            let answer = context.bidi.send("script.evaluate", &evaluate).await?;
            return Ok(answer["result"]["value"].as_str().unwrap_or_default().to_owned());
        }
        let asked = address.to_owned();
        let script = format!("return {TEXT}");
        let answer = self.command("open the probe", |client| async move {
            client.goto(&asked).await?;
            client.execute(&script, Vec::new()).await
        });
        match answer.await {
            Ok(text) => Ok(text.as_str().unwrap_or_default().to_owned()),
            Err(BrowserError::Command { source, .. }) => Ok(source.to_string()),
            Err(error) => Err(error),
        }
    }
}
