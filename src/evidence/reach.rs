//! How the app comes to the fake Klaviyo.

use serde::{Deserialize, Serialize};

/// What makes the app's requests for Klaviyo come to the fake one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Environment variables name a proxy that is klaviyo.com, and the certificates to trust.
    #[default]
    Env,
    /// Klaviyo's names lead to this machine.
    Hosts,
    /// The app is told other base URLs.
    Urls,
}
