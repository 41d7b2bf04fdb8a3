//! Malfunctions of Klaviyo's that a scenario can switch on.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
