//! Faults: Klaviyo misbehaving on purpose, so many times, at one kind of endpoint.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::account::AccountId;

/// A fault to arm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Where.
    pub on: Endpoint,
    /// How many times, before all is well again.
    #[serde(default = "once")]
    pub times: u32,
    /// Only for this account's calls of the API; any where none is named.
    #[serde(default)]
    pub account: Option<AccountId>,
}

fn once() -> u32 {
    1
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum FaultKind {
    /// The answer is right, but comes this many milliseconds late.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Nothing is done, and this is answered.
    Status {
        /// HTTP status, 100 to 599.
        status: u16,
        /// Body; a short text where none is given.
        #[serde(default)]
        body: Option<String>,
    },
    /// Nothing is done, and the connection is closed without an answer.
    Drop,
    /// What was asked for is done, but the answer breaks off in the middle of its JSON.
    MalformedJson,
    /// 429 as the API answers it.
    Throttle {
        /// Seconds that `Retry-After` says.
        retry_after_s: u32,
    },
    /// Refreshing issues a new refresh token and ends the one shown, whatever the settings say. At the token endpoint
    /// only.
    RotatedRefresh,
    /// The code counts as expired. At the token endpoint only.
    CodeExpired,
}

/// Where a fault applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// `GET /oauth/authorize`.
    Authorize,
    /// `POST /oauth/token`.
    Token,
    /// `POST /oauth/revoke`.
    Revoke,
    /// Every call of the API.
    Api,
    /// Calls of the API that change something: all but GET.
    Write,
    /// Calls of one operation, by its id.
    Operation(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            FaultKind::Delay { ms } => write!(f, "a delay of {ms} ms")?,
            FaultKind::Status { status, .. } => write!(f, "status {status}")?,
            FaultKind::Drop => f.write_str("a dropped connection")?,
            FaultKind::MalformedJson => f.write_str("malformed JSON")?,
            FaultKind::Throttle { retry_after_s } => write!(f, "429 with Retry-After: {retry_after_s}")?,
            FaultKind::RotatedRefresh => f.write_str("a rotated refresh token")?,
            FaultKind::CodeExpired => f.write_str("an expired code")?,
        }
        match &self.on {
            Endpoint::Authorize => f.write_str(" at authorize")?,
            Endpoint::Token => f.write_str(" at token")?,
            Endpoint::Revoke => f.write_str(" at revoke")?,
            Endpoint::Api => f.write_str(" at the API")?,
            Endpoint::Write => f.write_str(" at a write of the API")?,
            Endpoint::Operation(id) => write!(f, " at {id}")?,
        }
        match &self.account {
            Some(account) => write!(f, " for account {account}"),
            None => Ok(()),
        }
    }
}
