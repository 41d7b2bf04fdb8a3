//! Faults of Klaviyo's that a scenario can ask for.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Klaviyo misbehaving, at one endpoint.
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

/// Where Klaviyo misbehaves.
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
    /// Refreshing returns a new refresh token and ends the old one. Only at `token`.
    RotatedRefresh,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.on {
            FaultOn::Token => "Klaviyo's token endpoint",
            FaultOn::Revoke => "Klaviyo's revocation endpoint",
            FaultOn::Api => "Klaviyo's API",
        };
        let what = match self.kind {
            FaultKind::Unavailable => "answers 503",
            FaultKind::Late => "answers a second late",
            FaultKind::Slow => "does not answer for a minute",
            FaultKind::Dropped => "drops connections",
            FaultKind::Malformed => "answers with malformed JSON",
            FaultKind::RotatedRefresh => "rotates refresh tokens",
        };
        write!(formatter, "{place} {what}")?;
        match self.times {
            Some(1) => formatter.write_str(", once"),
            Some(times) => write!(formatter, ", {times} times"),
            None => Ok(()),
        }
    }
}
