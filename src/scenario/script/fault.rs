//! Faults of Klaviyo's that a scenario can ask for.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Klaviyo misbehaving, at one endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Where.
    pub on: FaultOn,
    /// What goes wrong.
    pub kind: FaultKind,
    /// How many times, before all is well again; until another `fault` or `no-faults`, when left out.
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
    /// Every call of the API.
    Api,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// 503, and nothing is done.
    Unavailable,
    /// The answer is right, but comes a second late.
    Late,
    /// No answer for a minute.
    Slow,
    /// The connection is closed without an answer, and nothing is done.
    Dropped,
    /// It is done, but the answer breaks off in the middle of its JSON.
    Malformed,
    /// Refreshing gives a new refresh token and ends the old one; at the token endpoint only.
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
