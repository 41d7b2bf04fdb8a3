//! The app's users and their tenants.

use schemars::JsonSchema;
use serde::Deserialize;

/// A user who has an account before any scenario begins.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppUser {
    /// E-mail address or user name to log in with.
    pub login: String,
    /// Password; empty where the app mails a link or a code instead of asking for one.
    #[serde(default)]
    pub password: String,
    /// The secret of the user's authenticator app, in Base32, as the app shows it beside its QR code: for apps that ask for a one-time
    /// password.
    #[serde(default)]
    pub totp: Option<String>,
    /// The user's tenants.
    #[serde(default)]
    pub tenants: Vec<Tenant>,
    /// Of an embedded app: `false` for a user who has not installed it on the host. Without such a user, `embedded/not-installed` does
    /// not apply.
    #[serde(default = "yes")]
    pub installed_on_host: bool,
}

/// A tenant: a store, sub-account or workspace.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// The tenant's name, as the app's tenant choice shows it; once per user.
    pub name: String,
    /// What replaces `{tenant}` in URLs; the name by default.
    #[serde(default)]
    pub key: Option<String>,
    /// Its store URL. Needed with `tenancy: text-box`.
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
