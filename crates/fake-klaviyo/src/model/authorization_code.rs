//! An authorization code.

use crate::model::account::AccountId;

/// An issued code, with everything that its exchange is checked against.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    /// The attempt it was issued for.
    pub(crate) attempt: String,
    /// The app it was issued to.
    pub(crate) client_id: String,
    /// The redirect URI it was sent to.
    pub(crate) redirect_uri: String,
    /// The PKCE challenge that the exchange must meet.
    pub(crate) challenge: Option<String>,
    /// The account that allowed the app.
    pub(crate) account: AccountId,
    /// The user who allowed it, by e-mail address in lower case.
    pub(crate) user: String,
    /// The granted scopes.
    pub(crate) scopes: Vec<String>,
    /// When it expires, in milliseconds on Klaviyo's clock.
    pub(crate) expires_ms: i64,
    /// The install that its exchange created or renewed.
    pub(crate) used_for: Option<String>,
}
