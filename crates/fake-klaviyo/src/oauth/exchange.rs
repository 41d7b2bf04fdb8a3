//! `grant_type=authorization_code`: exchanges a code for an install and its tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};

use crate::http::params::Params;
use crate::model::authorization_code::Code;
use crate::state::platform::{Platform, State};
use flowcheck_evidence::{KlaviyoEvent, Recorder, VerifierFacts};

use crate::oauth::errors::OAuthError;
use crate::oauth::issued_tokens::IssuedTokens;

/// Exchanges a code. A failed exchange does not use the code up (A), so an app may correct its request and try again.
pub(crate) fn exchange(
    platform: &Platform,
    state: &mut State,
    form: &Params,
    client: &str,
    expired_by_fault: bool,
) -> Result<IssuedTokens, OAuthError> {
    let text = form.get("code").ok_or_else(|| OAuthError::invalid_request("code is missing."))?;
    let bad = |reason: &str| OAuthError::invalid_grant("The code is invalid, expired or already used.", reason);
    let code = state.codes.get(text).cloned().ok_or_else(|| bad("the code was never issued"))?;
    if code.client_id != client {
        return Err(bad("the code was issued to another client"));
    }
    if let Some(install) = &code.used_for {
        if platform.settings.code_replay_revokes {
            state.grants.revoke_tokens_of(install);
        }
        return Err(bad("the code was used before"));
    }
    if expired_by_fault || code.expires_ms <= platform.clock.now_ms() {
        return Err(bad("the code is expired"));
    }
    match form.get("redirect_uri") {
        Some(uri) if uri == code.redirect_uri => {}
        Some(_) => {
            return Err(OAuthError::invalid_grant(
                "redirect_uri does not match.",
                "redirect_uri is not the one of the authorization request",
            ));
        }
        // R 6749 §4.1.3: required, since the authorization request had one.
        None => return Err(OAuthError::invalid_request("redirect_uri is missing.")),
    }
    proven(&code, form.get("code_verifier"))?;
    let now_ms = platform.clock.now_ms();
    let installs = state.client(client).map(|client| client.installs).unwrap_or_default();
    let install = state.grants.install(&code, installs, now_ms);
    state.codes.mark_used(text, &install.id);
    let (refresh_token, scopes) = state.grants.issue_refresh(&install, now_ms);
    platform.record_event(KlaviyoEvent::Installed {
        install: install.id.clone(),
        account: install.account.to_string(),
        client_id: install.client_id.clone(),
        scopes: install.scopes.clone(),
        user: Some(install.user.clone()),
    });
    Ok(IssuedTokens { install, scopes, refresh_token })
}

/// Checks the verifier against the challenge, if there was one (D: both errors; R 7636 §4.6).
fn proven(code: &Code, verifier: Option<&str>) -> Result<(), OAuthError> {
    match (verifier, &code.challenge) {
        (Some(verifier), _) if !is_well_formed(verifier) => {
            Err(OAuthError::invalid_code_verifier("code_verifier must match ^[a-zA-Z0-9\\-._~]{43,128}$."))
        }
        (_, None) => Ok(()),
        (None, Some(_)) => Err(OAuthError::invalid_request("code_verifier is missing.")),
        (Some(verifier), Some(challenge)) if challenge_of(verifier) == *challenge => Ok(()),
        (Some(_), Some(_)) => {
            Err(OAuthError::invalid_grant("Code challenge failed.", "code_verifier does not meet the code_challenge"))
        }
    }
}

/// The recorded facts about a verifier, which is registered as a secret.
pub(crate) fn verifier_facts(recorder: &Recorder, verifier: &str, code: Option<&Code>) -> VerifierFacts {
    let challenge = code.and_then(|code| code.challenge.as_deref());
    VerifierFacts {
        secret: recorder.secret("code_verifier", verifier),
        well_formed: is_well_formed(verifier),
        matches_challenge: challenge.map(|challenge| challenge_of(verifier) == challenge),
    }
}

fn is_well_formed(verifier: &str) -> bool {
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// S256: the SHA-256 of the verifier in unpadded URL-safe Base64 (R 7636 §4.2).
fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_rfcs_example() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge_of(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(is_well_formed(verifier) && !is_well_formed("short") && !is_well_formed(&"ü".repeat(43)));
    }
}
