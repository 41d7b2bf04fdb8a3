//! A call to Klaviyo in words.

use crate::evidence::{ClientAuth, Decision, Exchange, Facts, TokenOutcome, TokenState};
use crate::report::content::curl::curl;

/// A call as the timeline shows it.
#[derive(Debug)]
pub(super) struct ExchangeRow<'a> {
    pub(super) call: &'a Exchange,
    /// The call in words.
    pub(super) what: String,
    /// `200`, or `dropped`.
    pub(super) status: String,
    /// The status's class in the style sheet.
    pub(super) class: &'static str,
    /// Milliseconds it took, to a tenth.
    pub(super) took: String,
    /// The call as a curl command.
    pub(super) curl: String,
}

impl<'a> ExchangeRow<'a> {
    /// The row of a call.
    pub(super) fn of(call: &'a Exchange) -> Self {
        let tenths = (call.took_us + 50) / 100;
        Self {
            call,
            what: what(&call.facts),
            status: if call.status == 0 { "dropped".to_owned() } else { call.status.to_string() },
            class: status_class(Some(call.status)),
            curl: curl(call),
            took: format!("{}.{} ms", tenths / 10, tenths % 10),
        }
    }
}

/// The class of a status in the style sheet.
pub(super) fn status_class(status: Option<u16>) -> &'static str {
    match status {
        Some(200..=299) => "s-ok",
        Some(300..=399) => "s-moved",
        None => "s-none",
        Some(_) => "s-bad",
    }
}

/// Whether the app itself made a call, and not its user's browser.
pub(super) fn is_of_the_app(call: &Exchange) -> bool {
    matches!(call.facts, Facts::Token(_) | Facts::Revoke(_) | Facts::Api(_) | Facts::Unknown(_))
}

fn what(facts: &Facts) -> String {
    match facts {
        Facts::Page(name) => format!("page: {name}"),
        Facts::Authorize(call) => {
            let scopes = if call.scopes.is_empty() { "no scopes".to_owned() } else { call.scopes.join(" ") };
            let refused = if call.attempt.is_none() { ", refused" } else { "" };
            format!("authorization request for {scopes}{refused}")
        }
        Facts::Decision(call) => {
            let decision = match call.decision {
                Decision::Allowed => "allowed",
                Decision::Denied => "denied",
            };
            let expired = if call.code_expired { "; the code had expired already" } else { "" };
            format!("the user {decision} it for account {}{expired}", call.account)
        }
        Facts::Token(call) => {
            let grant = match call.grant_type.as_deref() {
                Some("authorization_code") => "code exchange",
                Some("refresh_token") => "refresh",
                _ => "token request",
            };
            let outcome = match &call.outcome {
                TokenOutcome::Issued { .. } => "tokens issued".to_owned(),
                TokenOutcome::Refused { error, reason } => format!("refused, {error}: {reason}"),
            };
            format!("{grant}, {}: {outcome}", client_auth(call.client_auth))
        }
        Facts::Revoke(call) => {
            format!("revocation of {}, {}", token_state(call.token_state), client_auth(call.client_auth))
        }
        Facts::Api(call) => {
            let operation = call.operation.as_deref().unwrap_or("no published operation");
            let gap = if call.mock_gap { "; the fake Klaviyo does not model it" } else { "" };
            let missing = if call.missing_scopes.is_empty() {
                String::new()
            } else {
                format!("; lacks {}", call.missing_scopes.join(" "))
            };
            format!("{operation}, with {}{missing}{gap}", token_state(call.token_state))
        }
        Facts::Unknown(what) => format!("not Klaviyo's: {what}"),
    }
}

fn client_auth(auth: ClientAuth) -> &'static str {
    match auth {
        ClientAuth::Basic => "Basic credentials",
        ClientAuth::Body => "credentials in the body",
        ClientAuth::Query => "credentials in the address",
        ClientAuth::Several => "credentials in several places",
        ClientAuth::None => "no credentials",
    }
}

fn token_state(state: TokenState) -> &'static str {
    match state {
        TokenState::Missing => "no token",
        TokenState::PrivateKey => "a private key",
        TokenState::Unknown => "an unknown token",
        TokenState::Live => "a live token",
        TokenState::Expired => "an expired token",
        TokenState::Revoked => "a revoked token",
    }
}
