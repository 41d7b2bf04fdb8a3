//! Malfunctions of Klaviyo's that a scenario can switch on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{FaultEffect, FaultTarget, KlaviyoFault};

/// A malfunction of Klaviyo's at one endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The endpoint.
    pub on: FaultOn,
    /// What goes wrong.
    pub kind: FaultKind,
    /// How many times; by default, until another `fault` or `no-faults`.
    #[serde(default)]
    #[schemars(range(min = 1, max = 1000))]
    pub times: Option<u16>,
}

/// Where Klaviyo malfunctions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultOn {
    /// The token endpoint.
    Token,
    /// The revocation endpoint.
    Revoke,
    /// Every API call.
    Api,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// 503, and nothing is done.
    Unavailable,
    /// The response is correct, but a second late.
    Late,
    /// No response for a minute.
    Slow,
    /// The connection is closed without a response, and nothing is done.
    Dropped,
    /// The request is carried out, but the response's JSON is truncated.
    Malformed,
    /// 403 with a page for people, as the edge before Klaviyo answers programs that it takes for robots; nothing is done. Only at `api`.
    EdgeChallenge,
    /// Refreshing returns a new refresh token and ends the old one. Only at `token`.
    RotatedRefresh,
}

/// Long enough for all that an app does at once to be under way.
const LATE_MS: u64 = 1_000;
/// Longer than any app should wait for an answer of Klaviyo's.
const SLOW_MS: u64 = 60_000;

impl Fault {
    /// The fault as evidence records it.
    pub fn recorded(&self) -> KlaviyoFault {
        let on = match self.on {
            FaultOn::Token => FaultTarget::Token,
            FaultOn::Revoke => FaultTarget::Revoke,
            FaultOn::Api => FaultTarget::Api,
        };
        let effect = match self.kind {
            FaultKind::Unavailable => FaultEffect::Status(503),
            FaultKind::Late => FaultEffect::Delay { ms: LATE_MS },
            FaultKind::Slow => FaultEffect::Delay { ms: SLOW_MS },
            FaultKind::Dropped => FaultEffect::Dropped,
            FaultKind::Malformed => FaultEffect::MalformedJson,
            FaultKind::EdgeChallenge => FaultEffect::Challenged,
            FaultKind::RotatedRefresh => FaultEffect::RotatedRefresh,
        };
        KlaviyoFault { on, effect, times: self.times.map(u32::from), account: None }
    }
}
