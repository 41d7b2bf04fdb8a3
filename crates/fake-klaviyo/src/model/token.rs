//! Refresh and access tokens, as they are stored.

use std::sync::Arc;

const DAY_MS: i64 = 86_400_000;

/// A refresh token.
#[derive(Debug, Clone)]
pub(crate) struct RefreshToken {
    /// The id of its install, shared by all tokens of that install.
    pub(crate) install: Arc<str>,
    /// The scopes it grants.
    pub(crate) scopes: Arc<[String]>,
    /// When it was last used, or issued.
    pub(crate) last_used_ms: i64,
    /// Whether it was revoked.
    pub(crate) revoked: bool,
}

/// An access token.
#[derive(Debug, Clone)]
pub(crate) struct AccessToken {
    /// The id of its install, shared by all tokens of that install.
    pub(crate) install: Arc<str>,
    /// The scopes it grants.
    pub(crate) scopes: Arc<[String]>,
    /// When it was issued.
    pub(crate) issued_ms: i64,
    /// When it expires.
    pub(crate) expires_ms: i64,
    /// Whether it was revoked.
    pub(crate) revoked: bool,
}

impl RefreshToken {
    /// When it expires unless it is used before.
    pub(crate) fn expires_ms(&self, life_days: u32) -> i64 {
        self.last_used_ms + i64::from(life_days) * DAY_MS
    }
}
