//! The way to the network: through a proxy that is klaviyo.com, which is proven before anything is opened there.

use serde_json::{Value, json};

use crate::browser::{BrowserError, Engine, Remote, User};

/// Characters of a strange answer that are shown.
const SHOWN: usize = 80;

/// A way to the network for one user.
#[derive(Debug, Clone)]
pub struct Route {
    /// Host and port of the proxy for everything but the browser's own machine, which is reached directly.
    pub proxy: String,
    /// An address that only that proxy answers as it should.
    pub probe: String,
    /// The text that it answers.
    pub answer: String,
    /// For a browser that may be on another machine: an address on this one's loopback, which the proxy answers alike. The browser
    /// then takes this machine for its own.
    pub loopback: Option<String>,
}

impl Route {
    /// As WebDriver's capabilities and BiDi's user contexts take it. Browsers reach loopback addresses and names below
    /// `localhost` directly by themselves, whatever proxy is set, unless they are told not to.
    pub(in crate::browser) fn in_webdriver(&self, engine: Engine) -> Value {
        let mut proxy = json!({ "proxyType": "manual", "httpProxy": self.proxy, "sslProxy": self.proxy });
        if self.loopback.is_some() && engine == Engine::Chromium {
            proxy["noProxy"] = json!(["<-loopback>"]);
        }
        proxy
    }
}

impl User {
    /// Makes sure that the user's requests take this way; nothing else may be opened before.
    pub(in crate::browser) async fn prove(&self, route: &Route, remote: Option<&Remote>) -> Result<(), BrowserError> {
        let end = || remote.map(Remote::shown).unwrap_or_default();
        let shown = |saw: String| saw.chars().take(SHOWN).collect();
        let saw = self.text_at(&route.probe).await?;
        if saw.trim() != route.answer {
            let saw = shown(saw);
            return Err(match remote {
                None => BrowserError::NotOurs { saw },
                Some(_) => BrowserError::NotReached { end: end(), proxy: route.proxy.clone(), saw },
            });
        }
        if let Some(loopback) = &route.loopback {
            let saw = self.text_at(loopback).await?;
            if saw.trim() != route.answer {
                return Err(BrowserError::NotHere { end: end(), saw: shown(saw) });
            }
        }
        // Back to the empty page that a new user sees.
        self.text_at("about:blank").await.map(drop)
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
