//! How the app comes to the fake Klaviyo, and what of it came there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What makes the app's requests for Klaviyo come to the fake one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Routing {
    /// Environment variables name a proxy that is klaviyo.com, and the certificates to trust.
    #[default]
    Env,
    /// Klaviyo's names lead to this machine.
    Hosts,
    /// The app is told other base URLs.
    Urls,
}

/// How the app was to come to Klaviyo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RoutingSetup {
    /// The way.
    pub way: Routing,
    /// Name of the program that flowcheck started as the app, without its folder; none where it runs by itself.
    pub program: Option<String>,
    /// Whether the app came to Klaviyo in another scenario of the same run: then it can.
    pub elsewhere: bool,
}

impl Default for RoutingSetup {
    /// Of recordings that do not say: the app was told where Klaviyo is.
    fn default() -> Self {
        Self { way: Routing::Urls, program: None, elsewhere: false }
    }
}

/// How far a run was kept from everything but Klaviyo and this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Hermetic {
    /// The browser and the app.
    Wholly,
    /// The browser, and what the app sent to the gateway; the rest of the app's traffic was not held back, and why not.
    BrowserOnly(String),
}

/// What came to the gateway from the app in a whole scenario; on the timeline at its end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GatewayTraffic {
    /// TLS connections to Klaviyo that were begun.
    pub connections: u64,
    /// Requests for Klaviyo.
    pub requests: u64,
    /// Klaviyo's hosts whose certificate a client of the app refused, each once.
    pub distrusted: Vec<String>,
    /// How far the run was hermetic; none where everything was let through.
    #[serde(default)]
    pub hermetic: Option<Hermetic>,
    /// What is not Klaviyo's and was held back in a hermetic run, from the app and the browser: host and port.
    pub held_back: Vec<String>,
}
