//! The app's users and their tenants.

use schemars::JsonSchema;
use serde::Deserialize;

/// A user who has an account before any scenario begins.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppUser {
    /// E-mail address or user name to log in with.
    pub login: String,
    /// Password; not needed where the app mails a code or a link instead.
    #[serde(default)]
    pub password: String,
    /// Secret of the user's one-time passwords (TOTP), in Base32.
    #[serde(default)]
    pub totp: Option<String>,
    /// The user's tenants.
    #[serde(default)]
    pub tenants: Vec<Tenant>,
    /// Whether the user has installed an embedded app on its host.
    #[serde(default = "yes")]
    pub installed_on_host: bool,
}

/// A tenant: a store, sub-account or workspace.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// The tenant's name, as the app's tenant chooser shows it.
    pub name: String,
    /// Replaces `{tenant}` in URLs. Default: the name.
    #[serde(default)]
    pub key: Option<String>,
    /// Store URL, for choosers that are a text box.
    #[serde(default)]
    pub url: Option<String>,
}

impl Tenant {
    /// The value that replaces `{tenant}` in URLs.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.name)
    }
}

fn yes() -> bool {
    true
}
