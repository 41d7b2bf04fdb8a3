//! What is told of a token: to who sent it, and in the sandbox's list.

use std::sync::Arc;

use flowcheck_evidence::TokenState;

use crate::model::install::Install;
use crate::model::token::AccessToken;
use crate::state::jwt::{Claims, user_id};

/// What is known of a token that a request carries.
#[derive(Debug, Clone)]
pub(crate) struct TokenStatus {
    /// Whether it is live, or why not.
    pub(crate) state: TokenState,
    /// The install it belongs to, if this server issued it.
    pub(crate) install: Option<Arc<Install>>,
    /// The scopes it grants.
    pub(crate) scopes: Arc<[String]>,
}

/// A token in the sandbox's list.
#[derive(Debug)]
pub(crate) struct TokenListing {
    /// Which token.
    pub(crate) kind: TokenKind,
    /// The account it acts for.
    pub(crate) account: String,
    /// The scopes it grants.
    pub(crate) scopes: Vec<String>,
    /// Whether it is live, or why not.
    pub(crate) state: TokenState,
    /// When it was issued or last used.
    pub(crate) since_ms: i64,
    /// When it expires.
    pub(crate) expires_ms: i64,
}

/// A token of either kind.
#[derive(Debug)]
pub(crate) enum TokenKind {
    /// A refresh token's text.
    Refresh(String),
    /// An access token's claims.
    Access(Claims),
}

/// Whether a token is live, or why not.
pub(super) fn token_state(revoked: bool, expires_ms: i64, now_ms: i64) -> TokenState {
    match (revoked, now_ms < expires_ms) {
        (true, _) => TokenState::Revoked,
        (false, true) => TokenState::Live,
        (false, false) => TokenState::Expired,
    }
}

/// The claims of an access token.
pub(super) fn claims(jti: &str, token: &AccessToken, install: &Install) -> Claims {
    Claims {
        jti: jti.to_owned(),
        sub: user_id(&install.user),
        tenant_id: install.account.to_string(),
        aud: install.client_id.clone(),
        scope: token.scopes.join(" "),
        iat: token.issued_ms.div_euclid(1_000),
        exp: token.expires_ms.div_euclid(1_000),
    }
}
