//! The `filter` parameter: `equals(email,"a@b.c")`, `any(id,["x","y"])`, several joined by commas, which all must hold.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::errors::ApiError;
use super::records::Resource;

/// One condition.
#[derive(Debug, Clone, PartialEq)]
struct Condition {
    operator: Operator,
    field: String,
    value: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equals,
    Any,
    Contains,
    StartsWith,
    GreaterThan,
    GreaterOrEqual,
    LessThan,
    LessOrEqual,
}

/// All conditions of a request.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Filter {
    conditions: Vec<Condition>,
}

impl Filter {
    /// Reads the parameter; `fields` are those that may be filtered by.
    pub(super) fn read(text: Option<&str>, fields: &[&str]) -> Result<Self, ApiError> {
        let filter = Self::read_any(text)?;
        match filter.conditions.iter().find(|condition| !fields.contains(&condition.field.as_str())) {
            None => Ok(filter),
            Some(Condition { field, .. }) => {
                Err(bad(&format!("{field:?} cannot be filtered by; can be: {}", fields.join(", "))))
            }
        }
    }

    /// Reads the parameter, for types of which it is not known what they can be filtered by.
    pub(super) fn read_any(text: Option<&str>) -> Result<Self, ApiError> {
        let mut rest = text.unwrap_or_default().trim();
        let mut conditions = Vec::new();
        while !rest.is_empty() {
            let (condition, after) = condition(rest)?;
            conditions.push(condition);
            rest = after.trim_start().strip_prefix(',').unwrap_or(after).trim_start();
        }
        Ok(Self { conditions })
    }

    /// Whether a resource meets all conditions.
    pub(super) fn admits(&self, resource: &Resource) -> bool {
        self.conditions.iter().all(|condition| {
            match resource.field(&condition.field) {
                Some(value) => condition.holds(&value),
                // What is said of a related resource, as in messages.channel, is not looked into (A).
                None => condition.is_about_another(resource) || condition.holds(&Value::Null),
            }
        })
    }
}

impl Condition {
    /// Whether the field is one of a related resource.
    fn is_about_another(&self, resource: &Resource) -> bool {
        self.field.split_once('.').is_some_and(|(first, _)| !resource.attributes.contains_key(first))
    }

    fn holds(&self, value: &Value) -> bool {
        let order = || compare(value, &self.value);
        match self.operator {
            Operator::Equals => same(value, &self.value),
            Operator::Any => self.value.as_array().is_some_and(|all| all.iter().any(|one| same(value, one))),
            Operator::Contains => texts(value, &self.value).is_some_and(|(text, part)| text.contains(part)),
            Operator::StartsWith => texts(value, &self.value).is_some_and(|(text, part)| text.starts_with(part)),
            Operator::GreaterThan => order().is_some_and(std::cmp::Ordering::is_gt),
            Operator::GreaterOrEqual => order().is_some_and(std::cmp::Ordering::is_ge),
            Operator::LessThan => order().is_some_and(std::cmp::Ordering::is_lt),
            Operator::LessOrEqual => order().is_some_and(std::cmp::Ordering::is_le),
        }
    }
}

fn texts<'a>(value: &'a Value, other: &'a Value) -> Option<(&'a str, &'a str)> {
    value.as_str().zip(other.as_str())
}

/// Equal; e-mail addresses whatever their case.
fn same(value: &Value, other: &Value) -> bool {
    match texts(value, other) {
        Some((one, two)) if one.contains('@') => one.eq_ignore_ascii_case(two),
        _ => value == other || compare(value, other).is_some_and(std::cmp::Ordering::is_eq),
    }
}

/// Times as times, numbers as numbers, texts as texts; other things have no order.
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

/// Reads one condition, and says what comes after it.
fn condition(text: &str) -> Result<(Condition, &str), ApiError> {
    let (name, rest) = text.split_once('(').ok_or_else(|| bad("a filter looks like equals(field,\"value\")"))?;
    let operator = match name.trim() {
        "equals" => Operator::Equals,
        "any" => Operator::Any,
        "contains" => Operator::Contains,
        "starts-with" => Operator::StartsWith,
        "greater-than" => Operator::GreaterThan,
        "greater-or-equal" => Operator::GreaterOrEqual,
        "less-than" => Operator::LessThan,
        "less-or-equal" => Operator::LessOrEqual,
        other => return Err(bad(&format!("{other:?} is not an operator that is known here"))),
    };
    let (field, rest) = rest.split_once(',').ok_or_else(|| bad("a filter needs a field and a value"))?;
    let end = closing(rest).ok_or_else(|| bad("a filter's parenthesis is not closed"))?;
    let condition = Condition { operator, field: field.trim().to_owned(), value: literal(rest[..end].trim()) };
    Ok((condition, &rest[end + 1..]))
}

/// Where the condition's parenthesis closes, outside of quotes.
fn closing(text: &str) -> Option<usize> {
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

/// A value: JSON, or text in single quotes, or a bare word such as a time.
fn literal(text: &str) -> Value {
    let single = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    single
        .map(Value::from)
        .or_else(|| serde_json::from_str(text).ok())
        .or_else(|| serde_json::from_str(&text.replace('\'', "\"")).ok())
        .unwrap_or_else(|| text.into())
}

fn bad(detail: &str) -> ApiError {
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

    fn admits(text: &str) -> Option<bool> {
        let fields = ["id", "email", "name", "datetime", "n", "missing"];
        Filter::read(Some(text), &fields).ok().map(|filter| filter.admits(&resource()))
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
        ] {
            assert_eq!(admits(text), expected, "{text}");
        }
    }
}
