//! The `filter` parameter: `equals(email,"a@b.c")`, `any(id,["x","y"])`; several conditions joined by commas must all
//! hold. `and(…)`, `or(…)` and `not(…)` nest.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::api::data::account_data::Resource;
use crate::api::errors::ApiError;

/// Maximum nesting depth of conditions.
const MAX_DEPTH: usize = 16;

/// A condition.
#[derive(Debug, Clone, PartialEq)]
enum Condition {
    Field(FieldCondition),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Vec<Condition>),
}

/// A condition on one field.
#[derive(Debug, Clone, PartialEq)]
struct FieldCondition {
    operator: Operator,
    field: String,
    value: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equals,
    Any,
    Contains,
    ContainsAny,
    ContainsAll,
    Has,
    StartsWith,
    EndsWith,
    GreaterThan,
    GreaterOrEqual,
    LessThan,
    LessOrEqual,
}

/// All conditions of a request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Filter {
    conditions: Vec<Condition>,
}

impl Filter {
    /// Parses the parameter; only `fields` may be filtered by.
    pub(crate) fn read(text: Option<&str>, fields: &[&str]) -> Result<Self, ApiError> {
        let filter = Self::read_any(text)?;
        match filter.conditions.iter().flat_map(Condition::fields).find(|field| !fields.contains(field)) {
            None => Ok(filter),
            Some(field) => {
                Err(invalid_filter(&format!("{field:?} cannot be filtered by; these can: {}", fields.join(", "))))
            }
        }
    }

    /// Parses the parameter, for types whose filterable fields are not known.
    pub(crate) fn read_any(text: Option<&str>) -> Result<Self, ApiError> {
        let (conditions, rest) = conditions(text.unwrap_or_default(), 0)?;
        if rest.is_empty() {
            Ok(Self { conditions })
        } else {
            Err(invalid_filter("a closing parenthesis has no opening one"))
        }
    }

    /// Whether a resource meets all conditions.
    pub(crate) fn matches(&self, resource: &Resource) -> bool {
        self.conditions.iter().all(|condition| condition.matches(resource))
    }
}

impl Condition {
    fn matches(&self, resource: &Resource) -> bool {
        match self {
            Self::Field(condition) => condition.matches(resource),
            Self::All(conditions) => conditions.iter().all(|condition| condition.matches(resource)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.matches(resource)),
            Self::Not(conditions) => !conditions.iter().all(|condition| condition.matches(resource)),
        }
    }

    /// The fields that the condition is about.
    fn fields(&self) -> Vec<&str> {
        match self {
            Self::Field(condition) => vec![&condition.field],
            Self::All(inside) | Self::Any(inside) | Self::Not(inside) => inside.iter().flat_map(Self::fields).collect(),
        }
    }
}

impl FieldCondition {
    fn matches(&self, resource: &Resource) -> bool {
        match resource.field(&self.field) {
            Some(value) => self.holds(&value),
            // Conditions on related resources, such as messages.channel, are not evaluated (A).
            None => self.is_about_another(resource) || self.holds(&Value::Null),
        }
    }

    /// Whether the field is one of a related resource.
    fn is_about_another(&self, resource: &Resource) -> bool {
        self.field.split_once('.').is_some_and(|(first, _)| !resource.attributes.contains_key(first))
    }

    fn holds(&self, value: &Value) -> bool {
        let order = || compare(value, &self.value);
        let wanted = || self.value.as_array().map(Vec::as_slice).unwrap_or_default().iter();
        match self.operator {
            Operator::Equals => same(value, &self.value),
            Operator::Any => wanted().any(|one| same(value, one)),
            Operator::Contains => contains(value, &self.value),
            Operator::ContainsAny => wanted().any(|one| contains(value, one)),
            Operator::ContainsAll => wanted().all(|one| contains(value, one)),
            Operator::Has => !value.is_null(),
            Operator::StartsWith => texts(value, &self.value).is_some_and(|(text, part)| text.starts_with(part)),
            Operator::EndsWith => texts(value, &self.value).is_some_and(|(text, part)| text.ends_with(part)),
            Operator::GreaterThan => order().is_some_and(std::cmp::Ordering::is_gt),
            Operator::GreaterOrEqual => order().is_some_and(std::cmp::Ordering::is_ge),
            Operator::LessThan => order().is_some_and(std::cmp::Ordering::is_lt),
            Operator::LessOrEqual => order().is_some_and(std::cmp::Ordering::is_le),
        }
    }
}

/// Whether a text contains a part, or a list a member.
fn contains(value: &Value, part: &Value) -> bool {
    match value {
        Value::Array(members) => members.iter().any(|member| same(member, part)),
        _ => texts(value, part).is_some_and(|(text, part)| text.contains(part)),
    }
}

fn texts<'a>(value: &'a Value, other: &'a Value) -> Option<(&'a str, &'a str)> {
    value.as_str().zip(other.as_str())
}

/// Equality; case is ignored in e-mail addresses.
fn same(value: &Value, other: &Value) -> bool {
    match texts(value, other) {
        Some((one, two)) if one.contains('@') => one.eq_ignore_ascii_case(two),
        _ => value == other || compare(value, other).is_some_and(std::cmp::Ordering::is_eq),
    }
}

/// Compares times as times, numbers as numbers, texts as texts; other values have no order.
fn compare(value: &Value, other: &Value) -> Option<std::cmp::Ordering> {
    if let Some((one, two)) = texts(value, other) {
        return Some(match (moment(one), moment(two)) {
            (Some(one), Some(two)) => one.cmp(&two),
            _ => one.cmp(two),
        });
    }
    value.as_f64()?.partial_cmp(&other.as_f64()?)
}

fn moment(text: &str) -> Option<OffsetDateTime> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    OffsetDateTime::parse(&whole, &Rfc3339).ok()
}

/// Parses conditions up to the end or an unmatched closing parenthesis, and returns the rest.
fn conditions(text: &str, depth: usize) -> Result<(Vec<Condition>, &str), ApiError> {
    if depth > MAX_DEPTH {
        return Err(invalid_filter("conditions are nested too deeply"));
    }
    let (mut found, mut rest) = (Vec::new(), text.trim());
    while !rest.is_empty() && !rest.starts_with(')') {
        let (condition, after) = condition(rest, depth)?;
        found.push(condition);
        let after = after.trim_start();
        rest = after.strip_prefix(',').unwrap_or(after).trim_start();
    }
    Ok((found, rest))
}

/// Parses one condition, and returns the rest.
fn condition(text: &str, depth: usize) -> Result<(Condition, &str), ApiError> {
    let (name, rest) =
        text.split_once('(').ok_or_else(|| invalid_filter("a filter looks like equals(field,\"value\")"))?;
    let joined = match name.trim() {
        "and" => Some(Condition::All as fn(_) -> _),
        "or" => Some(Condition::Any as fn(_) -> _),
        "not" => Some(Condition::Not as fn(_) -> _),
        _ => None,
    };
    if let Some(joined) = joined {
        let (inside, rest) = conditions(rest, depth + 1)?;
        let rest = rest.strip_prefix(')').ok_or_else(|| invalid_filter("a filter's parenthesis is not closed"))?;
        return if inside.is_empty() {
            Err(invalid_filter("an operator joins no conditions"))
        } else {
            Ok((joined(inside), rest))
        };
    }
    let operator = match name.trim() {
        "equals" => Operator::Equals,
        "any" => Operator::Any,
        "contains" => Operator::Contains,
        "contains-any" => Operator::ContainsAny,
        "contains-all" => Operator::ContainsAll,
        "has" => Operator::Has,
        "starts-with" => Operator::StartsWith,
        "ends-with" => Operator::EndsWith,
        "greater-than" => Operator::GreaterThan,
        "greater-or-equal" => Operator::GreaterOrEqual,
        "less-than" => Operator::LessThan,
        "less-or-equal" => Operator::LessOrEqual,
        other => return Err(invalid_filter(&format!("{other:?} is not a known operator"))),
    };
    let end = closing_parenthesis(rest).ok_or_else(|| invalid_filter("a filter's parenthesis is not closed"))?;
    let (inside, after) = (&rest[..end], &rest[end + 1..]);
    let (field, value) = match (inside.split_once(','), operator) {
        (Some((field, value)), _) => (field, literal(value.trim())),
        (None, Operator::Has) => (inside, Value::Null),
        (None, _) => return Err(invalid_filter("a filter needs a field and a value")),
    };
    Ok((Condition::Field(FieldCondition { operator, field: field.trim().to_owned(), value }), after))
}

/// The position of the closing parenthesis, outside of quotes.
fn closing_parenthesis(text: &str) -> Option<usize> {
    let (mut quote, mut escaped) = (None, false);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if character == open => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, ')') => return Some(at),
            _ => {}
        }
    }
    None
}

/// A value: JSON, text in single quotes, or a bare word such as a time.
fn literal(text: &str) -> Value {
    let single = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    single
        .map(Value::from)
        .or_else(|| serde_json::from_str(text).ok())
        .or_else(|| serde_json::from_str(&text.replace('\'', "\"")).ok())
        .unwrap_or_else(|| text.into())
}

fn invalid_filter(detail: &str) -> ApiError {
    ApiError::invalid_parameter(format!("Invalid filter provided: {detail}."), "filter")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource() -> Resource {
        let attributes = serde_json::json!({
            "email": "Ada@Example.com", "name": "a,b)c", "datetime": "2026-01-02T00:00:00Z", "n": 3
        });
        let attributes = attributes.as_object().cloned().unwrap_or_default();
        Resource { kind: "profile", id: "01X".to_owned(), attributes, relationships: vec![] }
    }

    fn matches(text: &str) -> Option<bool> {
        let fields = ["id", "email", "name", "datetime", "n", "missing"];
        Filter::read(Some(text), &fields).ok().map(|filter| filter.matches(&resource()))
    }

    #[test]
    fn conditions_hold_or_not() {
        for (text, expected) in [
            ("", Some(true)),
            ("equals(email,\"ada@example.com\")", Some(true)),
            ("equals(email,'ada@example.com')", Some(true)),
            ("equals(name,\"a,b)c\")", Some(true)),
            ("equals(id,\"01X\"),equals(email,\"x@example.com\")", Some(false)),
            ("any(id,[\"01Y\",\"01X\"])", Some(true)),
            ("greater-than(datetime,2026-01-01)", Some(true)),
            ("less-than(datetime,2026-01-02T00:00:00Z)", Some(false)),
            ("greater-or-equal(n,3)", Some(true)),
            ("equals(missing,\"x\")", Some(false)),
            ("equals(other,\"x\")", None),
            ("equals(id,\"x\"", None),
            ("nonsense", None),
            ("like(id,\"x\")", None),
            ("equals(id)", None),
            ("or(equals(id,\"x\"),equals(n,3))", Some(true)),
            ("and(equals(id,\"01X\"),not(equals(n,3)))", Some(false)),
            ("not(or(equals(id,\"x\"), equals(name,\"(\"))),has(email)", Some(true)),
            ("not(has(missing))", Some(true)),
            ("contains-any(name,[\"z\",\"b)\"])", Some(true)),
            ("contains-all(name,[\"a\",\"z\"])", Some(false)),
            ("ends-with(email,\"example.com\")", Some(false)),
            ("ends-with(email,\"Example.com\")", Some(true)),
            ("or(equals(other,\"x\"),equals(n,3))", None),
            ("or()", None),
            ("not(equals(n,3)", None),
            ("equals(n,3))", None),
        ] {
            assert_eq!(matches(text), expected, "{text}");
        }
    }

    #[test]
    fn conditions_without_end_are_refused() {
        assert_eq!(matches(&"not(".repeat(100_000)), None);
    }
}
