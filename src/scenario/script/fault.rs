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
    /// How many times it occurs. Default: until another `fault` or `no-faults`.
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
    /// Every call of the API.
    Api,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// Responds 503 without processing the request.
    Unavailable,
    /// Responds correctly, but a second late.
    Late,
    /// Does not respond for a minute.
    Slow,
    /// Closes the connection without a response and without processing the request.
    Dropped,
    /// Processes the request, but truncates the JSON of the response.
    Malformed,
    /// Rotates refresh tokens: refreshing returns a new one and revokes the old one; at the token endpoint only.
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
            FaultKind::RotatedRefresh => FaultEffect::RotatedRefresh,
        };
        KlaviyoFault { on, effect, times: self.times.map(u32::from), account: None }
    }
}
