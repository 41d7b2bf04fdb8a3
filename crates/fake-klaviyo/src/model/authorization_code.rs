//! An authorization code.

use crate::model::account::AccountId;

/// One code, and all that must be right when it is exchanged.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    /// The attempt it was issued for.
    pub(crate) attempt: String,
    /// The app it was issued to.
    pub(crate) client_id: String,
    /// Where it was sent.
    pub(crate) redirect_uri: String,
    /// The challenge to meet.
    pub(crate) challenge: Option<String>,
    /// The account that allowed the app.
    pub(crate) account: AccountId,
    /// What was granted.
    pub(crate) scopes: Vec<String>,
    /// When it dies, on Klaviyo's clock.
    pub(crate) expires_ms: i64,
    /// The install that its use made or renewed.
    pub(crate) used_for: Option<String>,
}
