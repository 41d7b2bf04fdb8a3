//! Faults: Klaviyo misbehaving on purpose, so many times, at one kind of endpoint.

use std::fmt;

use serde::{Deserialize, Serialize};

use flowcheck_evidence::{FaultEffect, FaultTarget, KlaviyoFault};

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

impl Fault {
    /// The fault as evidence records it, without how many times it was armed for.
    pub(crate) fn recorded(&self) -> KlaviyoFault {
        let on = match &self.on {
            Endpoint::Authorize => FaultTarget::Authorize,
            Endpoint::Token => FaultTarget::Token,
            Endpoint::Revoke => FaultTarget::Revoke,
            Endpoint::Api => FaultTarget::Api,
            Endpoint::Write => FaultTarget::Write,
            Endpoint::Operation(id) => FaultTarget::Operation(id.clone()),
        };
        let effect = match &self.kind {
            FaultKind::Delay { ms } => FaultEffect::Delay { ms: *ms },
            FaultKind::Status { status, .. } => FaultEffect::Status(*status),
            FaultKind::Drop => FaultEffect::Dropped,
            FaultKind::MalformedJson => FaultEffect::MalformedJson,
            FaultKind::Throttle { retry_after_s } => FaultEffect::Throttled { retry_after_s: *retry_after_s },
            FaultKind::RotatedRefresh => FaultEffect::RotatedRefresh,
            FaultKind::CodeExpired => FaultEffect::CodeExpired,
        };
        KlaviyoFault { on, effect, times: None, account: self.account.as_ref().map(ToString::to_string) }
    }
}

impl From<KlaviyoFault> for Fault {
    /// Arms what evidence records; without a number of times, for as long as it is not disarmed.
    fn from(recorded: KlaviyoFault) -> Self {
        let on = match recorded.on {
            FaultTarget::Authorize => Endpoint::Authorize,
            FaultTarget::Token => Endpoint::Token,
            FaultTarget::Revoke => Endpoint::Revoke,
            FaultTarget::Api => Endpoint::Api,
            FaultTarget::Write => Endpoint::Write,
            FaultTarget::Operation(id) => Endpoint::Operation(id),
        };
        let kind = match recorded.effect {
            FaultEffect::Delay { ms } => FaultKind::Delay { ms },
            FaultEffect::Status(status) => FaultKind::Status { status, body: None },
            FaultEffect::Dropped => FaultKind::Drop,
            FaultEffect::MalformedJson => FaultKind::MalformedJson,
            FaultEffect::Throttled { retry_after_s } => FaultKind::Throttle { retry_after_s },
            FaultEffect::RotatedRefresh => FaultKind::RotatedRefresh,
            FaultEffect::CodeExpired => FaultKind::CodeExpired,
        };
        let account = recorded.account.as_deref().map(AccountId::from);
        Self { kind, on, times: recorded.times.unwrap_or(u32::MAX), account }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.recorded().fmt(f)
    }
}
