//! `grant_type=refresh_token`: a refresh token yields a new access token.

use flowcheck_evidence::TokenState;

use crate::http::params::Params;
use crate::model::settings::Refresh;
use crate::oauth::errors::OAuthError;
use crate::oauth::issued_tokens::IssuedTokens;
use crate::state::platform::{Platform, State};

/// Refreshes. The refresh token stays the same (O) or is replaced, as the settings or a fault say; earlier access
/// tokens stay valid until they expire (O).
pub(crate) fn refresh(
    platform: &Platform,
    state: &mut State,
    form: &Params,
    client: &str,
    rotate: bool,
) -> Result<IssuedTokens, OAuthError> {
    let text = form.get("refresh_token").ok_or_else(|| OAuthError::invalid_request("refresh_token is missing."))?;
    let bad = |reason: &str| OAuthError::invalid_grant("The refresh token is invalid, expired or revoked.", reason);
    let token_status =
        platform.refresh_token_status(state, text).ok_or_else(|| bad("the refresh token was never issued"))?;
    let install = token_status.install.ok_or_else(|| bad("the refresh token's install is unknown"))?;
    if install.client_id != client {
        return Err(bad("the refresh token was issued to another client"));
    }
    match token_status.state {
        TokenState::Live => {}
        TokenState::Expired => return Err(bad("the refresh token was not used for too long")),
        _ if install.ended.is_some() => return Err(bad("the app is uninstalled")),
        _ => return Err(bad("the refresh token was replaced or revoked")),
    }
    // R 6749 §6: a refresh may ask for fewer scopes. A: what Klaviyo says to more of them is not known; they are not granted, as at authorization.
    let scopes = match form.get("scope").map(|asked| asked.split_ascii_whitespace().collect::<Vec<_>>()) {
        Some(asked) if !asked.is_empty() => {
            let narrowed: Vec<String> =
                token_status.scopes.iter().filter(|scope| asked.contains(&scope.as_str())).cloned().collect();
            if narrowed.is_empty() {
                return Err(OAuthError::new("invalid_scope", "None of the scopes was granted."));
            }
            narrowed.into()
        }
        _ => token_status.scopes,
    };
    let rotate = rotate || platform.settings.refresh == Refresh::Rotate;
    let refresh_token = state.grants.refresh(text, rotate, platform.clock.now_ms());
    Ok(IssuedTokens { install, scopes, refresh_token })
}
