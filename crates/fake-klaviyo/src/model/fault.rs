//! Faults to inject: what goes wrong, where, and how many times.

use std::fmt;

use serde::{Deserialize, Serialize};

use flowcheck_evidence::{FaultEffect, FaultTarget, KlaviyoFault};

use crate::model::account::AccountId;

/// A fault for [`Server::arm`](crate::Server::arm) or the control API.
///
/// ```
/// use fake_klaviyo::{Endpoint, Fault, FaultKind};
///
/// let kind = FaultKind::Throttle { retry_after_s: 5 };
/// let fault = Fault { kind, on: Endpoint::Api, times: 1, account: Some("HaRb01".into()) };
/// assert_eq!(fault.to_string(), "429 with Retry-After: 5 at the API for account HaRb01");
/// ```
#[must_use = "a fault does nothing until it is armed with `Server::arm`"]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Which requests it affects.
    pub on: Endpoint,
    /// How many requests it affects; 1 by default.
    #[serde(default = "once")]
    pub times: u32,
    /// Only API requests of this account; of any account by default.
    #[serde(default)]
    pub account: Option<AccountId>,
}

fn once() -> u32 {
    1
}

/// What a fault does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum FaultKind {
    /// The response is correct but delayed.
    Delay {
        /// The delay in milliseconds, at most 600,000.
        ms: u64,
    },
    /// The request is not processed, and is answered with this status.
    Status {
        /// HTTP status, 200 to 599.
        status: u16,
        /// Response body; a short text by default.
        #[serde(default)]
        body: Option<String>,
    },
    /// The request is not processed, and the connection is closed without a response.
    Drop,
    /// The request is processed, but the response's JSON is cut off in the middle.
    MalformedJson,
    /// The request is not processed: the edge before Klaviyo answers 403 with an HTML page and `cf-mitigated: challenge` (O).
    EdgeChallenge,
    /// The request is not processed, and is answered with 429 as the API does.
    Throttle {
        /// The `Retry-After` header, in seconds.
        retry_after_s: u32,
    },
    /// A refresh issues a new refresh token and revokes the one sent, whatever the settings say. Token endpoint only.
    RotatedRefresh,
    /// The code counts as expired. Token endpoint only.
    CodeExpired,
}

/// Which requests a fault affects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// `GET /oauth/authorize`.
    Authorize,
    /// `POST /oauth/token`.
    Token,
    /// `POST /oauth/revoke`.
    Revoke,
    /// Every API request.
    Api,
    /// API requests with any method but GET.
    Write,
    /// Requests of one API operation, by its id.
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
            FaultKind::EdgeChallenge => FaultEffect::Challenged,
            FaultKind::Throttle { retry_after_s } => FaultEffect::Throttled { retry_after_s: *retry_after_s },
            FaultKind::RotatedRefresh => FaultEffect::RotatedRefresh,
            FaultKind::CodeExpired => FaultEffect::CodeExpired,
        };
        KlaviyoFault { on, effect, times: None, account: self.account.as_ref().map(ToString::to_string) }
    }
}

impl From<KlaviyoFault> for Fault {
    /// The fault that evidence records. Without a count it stays armed until it is disarmed.
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
            FaultEffect::Challenged => FaultKind::EdgeChallenge,
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
