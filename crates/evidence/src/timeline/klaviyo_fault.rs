//! A fault of the fake Klaviyo: what it does wrong on purpose, and where.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Klaviyo misbehaving on purpose. `Display` is its wording in reports: `status 503 at token`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KlaviyoFault {
    /// Where.
    pub on: FaultTarget,
    /// What goes wrong.
    pub effect: FaultEffect,
    /// How many times it was armed for; none for any number of times, and for a single fault that was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Only for this account's calls of the API; any account's where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// Endpoints that a fault is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultTarget {
    /// `GET /oauth/authorize`.
    Authorize,
    /// `POST /oauth/token`.
    Token,
    /// `POST /oauth/revoke`.
    Revoke,
    /// Every call of the API.
    Api,
    /// Calls of the API that change something.
    Write,
    /// Calls of one operation, by its id.
    Operation(String),
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultEffect {
    /// The answer is right, but this many milliseconds late.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Nothing is done, and this HTTP status is answered.
    Status(u16),
    /// The connection is closed without an answer.
    Dropped,
    /// The answer ends in the middle of its JSON.
    MalformedJson,
    /// The edge before Klaviyo answers 403 with a page for people, and Klaviyo never sees the request.
    Challenged,
    /// 429 with `Retry-After`.
    Throttled {
        /// Seconds that `Retry-After` says.
        retry_after_s: u32,
    },
    /// Refreshing issues a new refresh token and ends the one shown.
    RotatedRefresh,
    /// The authorization code counts as expired.
    CodeExpired,
}

impl fmt::Display for KlaviyoFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.effect {
            FaultEffect::Delay { ms } => write!(f, "a delay of {ms} ms")?,
            FaultEffect::Status(status) => write!(f, "status {status}")?,
            FaultEffect::Dropped => f.write_str("a dropped connection")?,
            FaultEffect::MalformedJson => f.write_str("malformed JSON")?,
            FaultEffect::Challenged => f.write_str("a challenge of the edge")?,
            FaultEffect::Throttled { retry_after_s } => write!(f, "429 with Retry-After: {retry_after_s}")?,
            FaultEffect::RotatedRefresh => f.write_str("a rotated refresh token")?,
            FaultEffect::CodeExpired => f.write_str("an expired code")?,
        }
        match &self.on {
            FaultTarget::Authorize => f.write_str(" at authorize")?,
            FaultTarget::Token => f.write_str(" at token")?,
            FaultTarget::Revoke => f.write_str(" at revoke")?,
            FaultTarget::Api => f.write_str(" at the API")?,
            FaultTarget::Write => f.write_str(" at a write of the API")?,
            FaultTarget::Operation(id) => write!(f, " at {id}")?,
        }
        if let Some(account) = &self.account {
            write!(f, " for account {account}")?;
        }
        match self.times {
            Some(times) if times > 1 => write!(f, ", {times} times"),
            _ => Ok(()),
        }
    }
}
