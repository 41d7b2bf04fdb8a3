//! Sentences of verdicts, kept as a template and the typed values in it. Words are made of them where they are shown.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use flowcheck_evidence::{Gesture, KlaviyoFault, StepProblem, Tampering, clip};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use smallvec::SmallVec;

/// A sentence that a verdict says: its template, and the values that stand in it. `Display` makes the words.
///
/// Judges make one by `statement!`, or of a sentence that has no values.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Statement(#[schemars(with = "Parts")] Made);

/// How a statement is kept. Most say always the same, and judging makes many: those ask for no memory.
#[derive(Debug, Clone, Serialize)]
#[serde(into = "Parts")]
enum Made {
    /// A template of the program's own, without values.
    Static(&'static str),
    /// Any other; apart, so that a verdict, which has several statements, stays small.
    Of(Box<Parts>),
}

/// What a statement is made of.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Parts {
    /// The words, with the name of each value in braces where the value stands. `{{` and `}}` are braces.
    template: Cow<'static, str>,
    /// The values by their names.
    #[schemars(with = "ByName")]
    values: Values,
}

/// Values in the order of their names. Most statements have one or two, which stand where the statement does.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "ByName", into = "ByName")]
struct Values(SmallVec<[(Cow<'static, str>, Value); 2]>);

type ByName = BTreeMap<Cow<'static, str>, Value>;

/// A value in a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Words that are not flowcheck's: of a page, a mail, a log, an answer of Klaviyo's, or `flowcheck.yaml`.
    Text(String),
    /// The name of one thing among several: an account, a host, a scope, an operation, a parameter.
    Name(String),
    /// The address of a page, shortened, or the path of a request.
    Address(String),
    /// A request.
    Request {
        /// Its method.
        method: String,
        /// Its path.
        path: String,
    },
    /// How many, or which of several, counted from 1.
    Count(u64),
    /// How many of a thing.
    Quantity {
        /// How many.
        number: u64,
        /// What it is called where there are so many.
        unit: Cow<'static, str>,
    },
    /// A status of HTTP.
    Status(u16),
    /// Whole seconds.
    Seconds(u64),
    /// Milliseconds, shown as seconds with one decimal.
    Milliseconds(u64),
    /// Scopes.
    Scopes(Vec<String>),
    /// What the user did.
    Gesture(Gesture),
    /// What was wrong about a callback.
    Callback(Tampering),
    /// What the fake Klaviyo did wrong.
    Fault(KlaviyoFault),
    /// Why a step could not be done.
    Problem(Box<StepProblem>),
    /// A part of the sentence that has values of its own, or that is one of several.
    Statement(Statement),
    /// Several values.
    List {
        /// The values.
        of: Vec<Value>,
        /// The words between them.
        between: Cow<'static, str>,
    },
    /// A value of which only so much is shown as fits.
    Clipped {
        /// The value.
        of: Box<Value>,
        /// How many letters are shown.
        letters: usize,
    },
}

/// A [`Statement`] of a template and its values: `statement!("{page} shows {signs}", page, signs = signs(page))`. A value without
/// `=` is the variable of that name. That the template has each value, and no other, is checked when this is compiled.
macro_rules! statement {
    ($template:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        const NAMES: &[&str] = &[$(stringify!($name)),*];
        const { assert!($crate::verdict::is_template($template, NAMES), "the template does not fit its values") };
        $crate::verdict::Statement::new(
            $template,
            [$((stringify!($name), $crate::verdict::Value::from(statement!(@ $name $(= $value)?)))),*],
        )
    }};
    (@ $name:ident) => { $name };
    (@ $name:ident = $value:expr) => { $value };
}
pub(crate) use statement;

impl Statement {
    /// A template with its values; see `statement!`.
    pub(crate) fn new<const N: usize>(template: &'static str, values: [(&'static str, Value); N]) -> Self {
        if N == 0 {
            return Self(Made::Static(template));
        }
        let mut values: SmallVec<[(Cow<'static, str>, Value); 2]> =
            values.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        values.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        Self(Made::Of(Box::new(Parts { template: Cow::Borrowed(template), values: Values(values) })))
    }

    fn template(&self) -> &str {
        match &self.0 {
            Made::Static(template) => template,
            Made::Of(parts) => &parts.template,
        }
    }

    fn values(&self) -> &[(Cow<'static, str>, Value)] {
        match &self.0 {
            Made::Static(_) => &[],
            Made::Of(parts) => &parts.values.0,
        }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.values().iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// Whether two say the same, but for numbers: how many, how long, at which port. One that was kept in words alone is compared by them.
    pub fn is_like(&self, other: &Self) -> bool {
        let but_for_numbers =
            |words: String| -> String { words.chars().filter(|letter| !letter.is_ascii_digit()).collect() };
        if self.values().is_empty() || other.values().is_empty() {
            return but_for_numbers(self.to_string()) == but_for_numbers(other.to_string());
        }
        let same = |((name, value), (other_name, other)): (&(_, Value), &(_, Value))| {
            name == other_name && but_for_numbers(value.to_string()) == but_for_numbers(other.to_string())
        };
        self.template() == other.template()
            && self.values().len() == other.values().len()
            && self.values().iter().zip(other.values()).all(same)
    }

    fn without_values(words: Cow<'static, str>) -> Self {
        let has_braces = words.contains(['{', '}']);
        let template = if has_braces { words.replace('{', "{{").replace('}', "}}").into() } else { words };
        Self(match template {
            Cow::Borrowed(template) => Made::Static(template),
            template @ Cow::Owned(_) => Made::Of(Box::new(Parts { template, values: Values::default() })),
        })
    }
}

impl PartialEq for Statement {
    fn eq(&self, other: &Self) -> bool {
        self.template() == other.template() && self.values() == other.values()
    }
}

impl Eq for Statement {}

// Derived, it would borrow the template for ever.
impl<'de> Deserialize<'de> for Made {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Parts::deserialize(deserializer).map(|parts| Self::Of(Box::new(parts)))
    }
}

impl From<Made> for Parts {
    fn from(made: Made) -> Self {
        match made {
            Made::Static(template) => Self { template: Cow::Borrowed(template), values: Values::default() },
            Made::Of(parts) => *parts,
        }
    }
}

impl From<ByName> for Values {
    fn from(by_name: ByName) -> Self {
        Self(by_name.into_iter().collect())
    }
}

impl From<Values> for ByName {
    fn from(values: Values) -> Self {
        values.0.into_iter().collect()
    }
}

/// What the words of some fields are made of, by the names of the fields; a sentence that has no values is in its words alone.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct Statements(BTreeMap<String, Statement>);

impl Statements {
    /// The words of a field, what they are made of being kept here.
    pub(super) fn keep(&mut self, field: &str, statement: Statement) -> String {
        let words = statement.to_string();
        if !statement.values().is_empty() {
            self.0.insert(field.to_owned(), statement);
        }
        words
    }

    /// The statement that a field has in words. Runs of earlier versions have nothing but those, and words that were changed in the
    /// file count.
    pub(super) fn take(&mut self, field: &str, words: String) -> Statement {
        let kept = self.0.remove(field).filter(|kept| kept.to_string() == words);
        kept.unwrap_or_else(|| Statement::without_values(words.into()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&'static str> for Statement {
    /// A sentence that is always the same.
    fn from(words: &'static str) -> Self {
        Self::without_values(words.into())
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.template();
        while let Some(at) = rest.find(['{', '}']) {
            let (words, braced) = rest.split_at(at);
            formatter.write_str(words)?;
            let named = braced.strip_prefix('{').and_then(|inner| inner.split_once('}'));
            if let Some((value, after)) = named.and_then(|(name, after)| Some((self.value(name)?, after))) {
                value.fmt(formatter)?;
                rest = after;
            } else {
                // Two are one that is meant.
                let brace = &braced[..1];
                formatter.write_str(brace)?;
                rest = braced[1..].strip_prefix(brace).unwrap_or(&braced[1..]);
            }
        }
        formatter.write_str(rest)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(words) | Self::Name(words) | Self::Address(words) => formatter.write_str(words),
            Self::Request { method, path } => write!(formatter, "{method} {path}"),
            Self::Count(count) => count.fmt(formatter),
            Self::Quantity { number, unit } => write!(formatter, "{number} {unit}"),
            Self::Status(status) => status.fmt(formatter),
            Self::Seconds(seconds) => write!(formatter, "{seconds} s"),
            Self::Milliseconds(ms) => write!(formatter, "{}.{} s", ms / 1000, ms % 1000 / 100),
            Self::Scopes(scopes) => separated(formatter, scopes, " "),
            Self::Gesture(gesture) => gesture.fmt(formatter),
            Self::Callback(with) => with.fmt(formatter),
            Self::Fault(fault) => fault.fmt(formatter),
            Self::Problem(problem) => problem.fmt(formatter),
            Self::Statement(statement) => statement.fmt(formatter),
            Self::List { of, between } => separated(formatter, of, between),
            Self::Clipped { of, letters } => formatter.write_str(&clip(&of.to_string(), *letters)),
        }
    }
}

fn separated(formatter: &mut fmt::Formatter<'_>, all: &[impl fmt::Display], between: &str) -> fmt::Result {
    for (index, one) in all.iter().enumerate() {
        if index > 0 {
            formatter.write_str(between)?;
        }
        write!(formatter, "{one}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::counted;

    #[test]
    fn words_are_made_of_a_template_and_its_values() {
        let page = Value::address("/settings");
        let nested = statement!("{page} shows {calls}", page, calls = counted(1, "call", "calls"));
        for (statement, words) in [
            (nested.clone(), "/settings shows 1 call"),
            (statement!("{part}, then {{x}}", part = nested), "/settings shows 1 call, then {x}"),
            ("`trigger: { none: REASON }`".into(), "`trigger: { none: REASON }`"),
            (statement!("{{{status}}}", status = 404_u16), "{404}"),
            (statement!("{all}", all = Value::list(" and ", ["one", "two"])), "one and two"),
            (statement!("{ms}, {s}", ms = Value::Milliseconds(1_250), s = Value::Seconds(3)), "1.2 s, 3 s"),
            (statement!("\"{said}\"", said = Value::text("{said} }{")), "\"{said} }{\""),
            (statement!("{scopes}", scopes = Value::scopes(&["a:read", "b:read"])), "a:read b:read"),
        ] {
            assert_eq!(statement.to_string(), words);
            let mut kept = Statements::default();
            let words = kept.keep("saw", statement.clone());
            let kept = serde_json::to_string(&kept).expect("it serialises");
            let mut kept: Statements = serde_json::from_str(&kept).expect("it reads back");
            assert_eq!(kept.take("saw", words), statement);
        }
    }

    #[test]
    fn words_that_were_changed_in_a_kept_run_count() {
        let mut kept = Statements::default();
        kept.keep("saw", statement!("answered {status}", status = 500_u16));
        assert_eq!(kept.take("saw", "answered 404".to_owned()).to_string(), "answered 404");
    }

    #[test]
    fn statements_are_alike_that_differ_in_numbers_alone() {
        let calls =
            |number| statement!("{calls} at {at}", calls = counted(number, "call", "calls"), at = Value::address("/a"));
        assert!(calls(3).is_like(&calls(9)));
        let elsewhere = statement!("{calls} at {at}", calls = counted(3, "call", "calls"), at = Value::address("/b"));
        assert!(!calls(3).is_like(&elsewhere));
        let kept = |words: &'static str| Statement::without_values(words.into());
        assert!(kept("4 calls at /a").is_like(&calls(9)) && calls(9).is_like(&kept("4 calls at /a")));
        assert!(!kept("4 calls at /b").is_like(&calls(9)));
    }
}
