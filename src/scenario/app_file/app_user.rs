//! The app's users and their tenants.

use schemars::JsonSchema;
use serde::Deserialize;

/// A user of the app, who exists before any scenario begins.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppUser {
    /// E-mail address or user name to log in with.
    pub login: String,
    /// Password; left out where the app mails a code or a link instead of asking for one.
    #[serde(default)]
    pub password: String,
    /// The secret of the user's one-time passwords, in Base32.
    #[serde(default)]
    pub totp: Option<String>,
    /// The user's tenants.
    #[serde(default)]
    pub tenants: Vec<Tenant>,
    /// Of an embedded app: whether the user has installed it on the host.
    #[serde(default = "yes")]
    pub installed_on_host: bool,
}

/// A tenant: a store, a sub-account, a workspace.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Its name, as the chooser shows it.
    pub name: String,
    /// What stands for `{tenant}` in addresses; its name, when left out.
    #[serde(default)]
    pub key: Option<String>,
    /// Its store URL, for choosers that are a text box.
    #[serde(default)]
    pub url: Option<String>,
}

impl Tenant {
    /// What stands for `{tenant}` in addresses.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.name)
    }
}

fn yes() -> bool {
    true
}
