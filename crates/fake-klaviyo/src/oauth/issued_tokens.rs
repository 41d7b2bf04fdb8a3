//! What a successful token request yields.

use std::sync::Arc;

use crate::model::install::Install;

/// The tokens to return.
pub(crate) struct IssuedTokens {
    /// The install they act for.
    pub(crate) install: Arc<Install>,
    /// The scopes of the access token.
    pub(crate) scopes: Arc<[String]>,
    /// The refresh token.
    pub(crate) refresh_token: String,
}
