//! Rate limits of a request: those of its operation, or lower ones that its parameters bring (P).

use std::sync::LazyLock;

use crate::api::spec::operations::Operation;
use crate::http::params::Params;

/// The table's text; lines that begin with `#` name its source.
const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tables/parameter_limits.csv"));

/// The limits of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Requests allowed per second.
    pub(crate) burst: u32,
    /// Requests allowed per minute.
    pub(crate) steady: u32,
    /// Requests allowed per day, if limited.
    pub(crate) daily: Option<u32>,
    /// The value that brings them. Requests with and without it are counted apart (A).
    pub(crate) because_of: Option<&'static str>,
}

/// A value of a parameter that lowers an operation's limits.
#[derive(Debug)]
struct ParameterLimit {
    operation: &'static str,
    parameter: &'static str,
    value: &'static str,
    burst: u32,
    steady: u32,
}

static LIMITS: LazyLock<Vec<ParameterLimit>> = LazyLock::new(|| rows().filter_map(read).collect());

impl Limits {
    /// The limits of a request with this query; of several parameters, the one counts that allows the least.
    pub(crate) fn of(operation: &Operation, query: &Params) -> Self {
        let usual = Self { burst: operation.burst, steady: operation.steady, daily: operation.daily, because_of: None };
        let has = |limit: &&ParameterLimit| {
            let values = query.get(limit.parameter).unwrap_or_default();
            limit.operation == operation.id && values.split(',').any(|value| limit.is_brought_by(value.trim()))
        };
        let lowest = LIMITS.iter().filter(has).min_by_key(|limit| (limit.steady, limit.burst));
        lowest.map_or(usual, |limit| Self {
            burst: limit.burst,
            steady: limit.steady,
            because_of: Some(limit.value),
            ..usual
        })
    }
}

impl ParameterLimit {
    /// Whether this value of the parameter brings it. The description says `include=list`, where requests name the relationship, `lists`.
    fn is_brought_by(&self, value: &str) -> bool {
        value == self.value || self.parameter == "include" && value.strip_suffix('s') == Some(self.value)
    }
}

fn rows() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.starts_with('#')).skip(1)
}

fn read(line: &'static str) -> Option<ParameterLimit> {
    let mut cells = line.split(',');
    let (operation, parameter, value) = (cells.next()?, cells.next()?, cells.next()?);
    let (burst, steady) = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
    Some(ParameterLimit { operation, parameter, value, burst, steady })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::spec::operations::operations;

    fn limits(operation: &str, query: &str) -> (u32, u32) {
        let operation = operations().iter().find(|known| known.id == operation).expect("it is published");
        let limits = Limits::of(operation, &Params::read(query));
        (limits.burst, limits.steady)
    }

    #[test]
    fn every_line_is_of_a_published_operation_and_lowers_its_limits() {
        assert_eq!(LIMITS.len(), rows().count());
        for limit in LIMITS.iter() {
            let operation = operations().iter().find(|known| known.id == limit.operation).expect("it is published");
            assert!(limit.burst < operation.burst && limit.steady < operation.steady, "{limit:?}");
        }
    }

    #[test]
    fn a_parameter_lowers_the_limits_of_its_operation_alone() {
        for (operation, query, expected) in [
            ("get_profile", "", (75, 750)),
            ("get_profile", "include=list", (1, 15)),
            ("get_profile", "include=lists", (1, 15)),
            ("get_profile", "include=push-tokens,segments", (1, 15)),
            ("get_profile", "include=push-tokens", (75, 750)),
            ("get_profiles", "additional-fields%5Bprofile%5D=predictive_analytics", (10, 150)),
            ("get_profiles", "additional-fields[profile]=subscriptions,predictive_analytics", (10, 150)),
            ("get_profiles", "additional-fields[profile]=subscriptions", (75, 750)),
            ("get_profiles", "include=lists", (75, 750)),
            ("get_list", "additional-fields[list]=profile_count", (1, 15)),
            ("get_lists", "additional-fields[list]=profile_count", (75, 750)),
        ] {
            assert_eq!(limits(operation, query), expected, "{operation}?{query}");
        }
    }
}
