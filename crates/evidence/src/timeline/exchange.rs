//! An HTTP exchange with the fake Klaviyo, and the facts a judge needs of it.
//!
//! Facts are worked out while recording, where the secrets still are; judges see only what is here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{Secret, SentData};

/// One request to Klaviyo with its answer, secrets replaced by fingerprints.
// Most texts in it are short, and as `SmolStr` take no room of their own: a journal holds many.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Exchange {
    /// HTTP method.
    pub method: SmolStr,
    /// Host the client asked for, with port.
    pub host: SmolStr,
    /// Path.
    pub path: SmolStr,
    /// Query parameters in order.
    pub query: Vec<(SmolStr, SmolStr)>,
    /// Request headers in order.
    pub request_headers: Vec<(SmolStr, SmolStr)>,
    /// Request body, where it is text; cut at [`Exchange::BODY_LIMIT`] characters.
    pub request_body: Option<String>,
    /// Status of the answer; 0 when the connection was dropped instead.
    pub status: u16,
    /// Headers of the answer.
    pub response_headers: Vec<(SmolStr, SmolStr)>,
    /// Body of the answer, where it is JSON or short text; pages are left out.
    pub response_body: Option<String>,
    /// Microseconds from the request's last byte to the answer.
    pub took_us: u64,
    /// Seconds since the epoch on the world's clock when it was answered.
    pub klaviyo_time_s: i64,
    /// What the exchange was, and what a judge needs to know of it.
    pub facts: Facts,
}

impl Exchange {
    /// Characters of a body that are kept.
    pub const BODY_LIMIT: usize = 16_384;
}

/// What an exchange was.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Facts {
    /// A page of Klaviyo's that no check asks about; its name.
    Page(String),
    /// `GET /oauth/authorize`.
    Authorize(AuthorizeCall),
    /// The user's Allow or Cancel on the consent page.
    Decision(DecisionCall),
    /// `POST /oauth/token`.
    Token(TokenCall),
    /// `POST /oauth/revoke`.
    Revoke(RevokeCall),
    /// A call below `/api` or `/client`.
    Api(ApiCall),
    /// Something Klaviyo does not publish, or a request that is no HTTP a server can use; in words.
    Unknown(String),
}

/// What an authorization request asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct AuthorizeCall {
    /// The attempt: same client and same `state` give the same attempt. None when it was refused outright.
    pub attempt: Option<String>,
    /// `client_id` as sent.
    pub client_id: Option<String>,
    /// Whether such a client is registered.
    pub client_known: bool,
    /// `redirect_uri` as sent.
    pub redirect_uri: Option<String>,
    /// Whether it equals a registered one.
    pub redirect_uri_registered: bool,
    /// `response_type` as sent.
    pub response_type: Option<String>,
    /// Scopes as sent, in order.
    pub scopes: Vec<String>,
    /// Those of them that the app's settings do not have.
    pub unknown_scopes: Vec<String>,
    /// `state`.
    pub state: Option<Secret>,
    /// How it differs from those that the app sent before; none where it is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_change: Option<StateChange>,
    /// `code_challenge`.
    pub challenge: Option<Secret>,
    /// `code_challenge_method` as sent.
    pub challenge_method: Option<String>,
    /// Names of parameters that were sent more than once.
    pub repeated: Vec<String>,
}

/// How a `state` differs from the earlier one of the same app that it resembles most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StateChange {
    /// The most bits of variety that the places can carry in which they differ, parts in Base64 decoded where they are text.
    pub bits_at_most: u32,
    /// What the change follows, where it is one of the usual patterns.
    pub pattern: Option<StatePattern>,
}

/// What a `state` follows from one attempt to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StatePattern {
    /// A number that counts up.
    Counter,
    /// The time of the request.
    Time,
}

/// What the user decided on the consent page.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct DecisionCall {
    /// The attempt decided on.
    pub attempt: String,
    /// Allow or Cancel.
    pub decision: Decision,
    /// The Klaviyo account it was decided for.
    pub account: String,
    /// The code that was issued.
    pub code: Option<Secret>,
    /// Whether that code was already past its life when issued, because the attempt began too long ago.
    pub code_expired: bool,
}

/// Allow or Cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The user allowed the app.
    Allowed,
    /// The user denied it.
    Denied,
}

/// A call to the token endpoint.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct TokenCall {
    /// `grant_type` as sent.
    pub grant_type: Option<String>,
    /// How the client said who it is.
    pub client_auth: ClientAuth,
    /// Which attempt the code belongs to, where it is a known code.
    pub attempt: Option<String>,
    /// Which install the code or refresh token belongs to, where there is one.
    pub install: Option<String>,
    /// `code`.
    pub code: Option<Secret>,
    /// `refresh_token` as sent.
    pub refresh_token: Option<Secret>,
    /// `redirect_uri` as sent.
    pub redirect_uri: Option<String>,
    /// Whether it equals that of the authorization request; none where there was no code to compare by.
    pub redirect_uri_repeated: Option<bool>,
    /// The `code_verifier`, where one was sent.
    pub verifier: Option<VerifierFacts>,
    /// Whether the authorization request had a challenge to meet.
    pub challenged: Option<bool>,
    /// How it ended.
    pub outcome: TokenOutcome,
}

/// What is known of a `code_verifier`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct VerifierFacts {
    /// Its fingerprint.
    pub secret: Secret,
    /// Whether it matches Klaviyo's pattern, `^[a-zA-Z0-9\-._~]{43,128}$`.
    pub well_formed: bool,
    /// Whether it meets the challenge; none where there was none.
    pub matches_challenge: Option<bool>,
}

/// How a client said who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClientAuth {
    /// Basic credentials in the header, and nowhere else.
    Basic,
    /// In the form body.
    Body,
    /// In the query.
    Query,
    /// In more than one of these places.
    Several,
    /// Not at all.
    None,
}

/// How a token request ended.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TokenOutcome {
    /// Tokens were issued.
    Issued {
        /// The access token.
        access_token: Secret,
        /// The refresh token.
        refresh_token: Secret,
    },
    /// It was refused.
    Refused {
        /// RFC 6749 error code.
        error: String,
        /// Why, in words; also what no client is told ("the code was used before").
        reason: String,
    },
}

/// A call to the revocation endpoint.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RevokeCall {
    /// How the client said who it is.
    pub client_auth: ClientAuth,
    /// Whether those credentials were right.
    pub client_ok: bool,
    /// `token` as sent.
    pub token: Option<Secret>,
    /// `token_type_hint` as sent.
    pub hint: Option<String>,
    /// What the token was when it arrived.
    pub token_state: TokenState,
    /// The install it belongs to, where it is a known token.
    pub install: Option<String>,
}

/// What a token was at the moment it was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TokenState {
    /// None was sent.
    Missing,
    /// A private API key, not an OAuth token.
    PrivateKey,
    /// Never issued here.
    Unknown,
    /// Issued, and good.
    Live,
    /// Past its life.
    Expired,
    /// Ended by revocation or uninstall.
    Revoked,
}

/// What Klaviyo says of a revision of its API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RevisionStatus {
    /// Supported.
    Stable,
    /// Served for another year at most.
    Deprecated,
    /// No longer served.
    Retired,
    /// A date that no list of revisions has.
    Unknown,
    /// Not a date.
    Malformed,
    /// The header is missing.
    Missing,
}

/// A call to the API.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ApiCall {
    /// Klaviyo's operation id; none for a path or method it does not publish.
    pub operation: Option<String>,
    /// The Bearer token's fingerprint.
    pub token: Option<Secret>,
    /// What the token was.
    pub token_state: TokenState,
    /// The install it belongs to.
    pub install: Option<String>,
    /// The account it belongs to.
    pub account: Option<String>,
    /// Scopes the operation needs.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Those of them that the token lacks.
    pub missing_scopes: Vec<String>,
    /// `revision` header as sent.
    pub revision: Option<String>,
    /// What Klaviyo says of that revision.
    pub revision_status: RevisionStatus,
    /// Whether the operation is published, and the revision that was sent does not have it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_in_revision: bool,
    /// A published operation that this fake does not model.
    pub mock_gap: bool,
    /// What it sent for Klaviyo to keep.
    #[serde(default, skip_serializing_if = "SentData::is_empty")]
    pub sent: Box<SentData>,
}
