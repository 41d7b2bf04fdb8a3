//! What a successful token request yields.

use std::sync::Arc;

use crate::model::install::Install;

/// Tokens to hand out.
pub(crate) struct IssuedTokens {
    /// The install they act for.
    pub(crate) install: Arc<Install>,
    /// What the access token may do.
    pub(crate) scopes: Arc<[String]>,
    /// The refresh token.
    pub(crate) refresh_token: String,
}
