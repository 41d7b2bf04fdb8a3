//! Durations as people write them: `90s`, `6m`, `1h`, `90d`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A duration in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HumanDuration(Duration);

/// A text that is not a duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a duration: write a whole number and s, m, h or d, as in 90s or 6m")]
pub struct HumanDurationError(String);

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl HumanDuration {
    /// As a standard duration.
    pub fn duration(self) -> Duration {
        self.0
    }
}

impl From<Duration> for HumanDuration {
    fn from(duration: Duration) -> Self {
        Self(Duration::from_secs(duration.as_secs()))
    }
}

impl FromStr for HumanDuration {
    type Err = HumanDurationError;

    fn from_str(text: &str) -> Result<Self, HumanDurationError> {
        let wrong = || HumanDurationError(text.to_owned());
        let unit = text.chars().last().ok_or_else(wrong)?;
        let (_, seconds) = UNITS.iter().find(|(letter, _)| *letter == unit).ok_or_else(wrong)?;
        let count: u64 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| wrong())?;
        count.checked_mul(*seconds).map(|total| Self(Duration::from_secs(total))).ok_or_else(wrong)
    }
}

impl TryFrom<String> for HumanDuration {
    type Error = HumanDurationError;

    fn try_from(text: String) -> Result<Self, HumanDurationError> {
        text.parse()
    }
}

impl From<HumanDuration> for String {
    fn from(duration: HumanDuration) -> Self {
        duration.to_string()
    }
}

impl fmt::Display for HumanDuration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.0.as_secs();
        let (letter, seconds) =
            UNITS.iter().find(|(_, seconds)| total.is_multiple_of(*seconds) && total > 0).unwrap_or(&('s', 1));
        write!(formatter, "{}{letter}", total / seconds)
    }
}

impl JsonSchema for HumanDuration {
    fn schema_name() -> Cow<'static, str> {
        "HumanDuration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "human-duration",
            "pattern": "^[0-9]+[smhd]$",
            "description": "A duration: 90s, 6m, 1h, 90d"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_shown_in_their_largest_whole_unit() {
        for (text, seconds, shown) in
            [("90s", 90, "90s"), ("6m", 360, "6m"), ("60m", 3600, "1h"), ("90d", 7_776_000, "90d")]
        {
            let duration: HumanDuration = text.parse().unwrap();
            assert_eq!((duration.duration().as_secs(), duration.to_string().as_str()), (seconds, shown));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "5", "m", "-5m", "5.5m", "5 m", "5min", "99999999999999999999d", "18446744073709551615d"] {
            assert!(text.parse::<HumanDuration>().is_err(), "{text}");
        }
    }
}
