//! Refresh and access tokens, as they are stored.

use std::sync::Arc;

const DAY_MS: i64 = 86_400_000;

/// A refresh token.
#[derive(Debug, Clone)]
pub(crate) struct RefreshToken {
    /// The id of the install it acts for; all tokens of one share it.
    pub(crate) install: Arc<str>,
    /// What it may do.
    pub(crate) scopes: Arc<[String]>,
    /// When it was last used, or issued.
    pub(crate) last_used_ms: i64,
    /// Whether it was ended before its time.
    pub(crate) revoked: bool,
}

/// An access token.
#[derive(Debug, Clone)]
pub(crate) struct AccessToken {
    /// The id of the install it acts for; all tokens of one share it.
    pub(crate) install: Arc<str>,
    /// What it may do.
    pub(crate) scopes: Arc<[String]>,
    /// When it was issued.
    pub(crate) issued_ms: i64,
    /// When it dies.
    pub(crate) expires_ms: i64,
    /// Whether it was ended before its time.
    pub(crate) revoked: bool,
}

impl RefreshToken {
    /// When it expires, where it is not used until then.
    pub(crate) fn expires_ms(&self, life_days: u32) -> i64 {
        self.last_used_ms + i64::from(life_days) * DAY_MS
    }
}
