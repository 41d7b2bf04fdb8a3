//! A YAML document as a tree of values with their positions.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::budget::BudgetBreach;
use serde_yaml::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_yaml::{Error, ExternalMessageSource, Location, Options, PropertySyntax, Spanned, Tagged};

use super::syntax;
use crate::scenario::diagnostic::{Diagnostic, Diagnostics, Source, quote};

/// Deepest nesting; the files need six levels.
const DEEPEST: usize = 32;

/// Most values in one file; the longest scenario has two hundred.
const MOST: usize = 10_000;

/// A value with its byte range in the source.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) kind: Kind,
}

/// The kind of a value.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// Text with its escapes resolved. If `plain`, written without quotes, it may also be a number, a boolean or null.
    Scalar { text: String, plain: bool },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values, in the file's order. Of duplicate keys, the first.
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Range<usize>,
    pub(crate) value: Node,
}

/// Parses a source. Duplicate keys are added to `errors`; everything else that is invalid is returned as an error.
pub(crate) fn parse(source: &Source, errors: &mut Vec<Diagnostic>) -> Result<Node, Diagnostics> {
    let raw = serde_yaml::from_str_with_options(source.text(), options()).map_err(|error| refused(source, &error))?;
    let document = TreeBuilder { source, errors }.node(raw)?;
    if document.is_null() {
        return Err(source.error(&(0..0), "the file is empty", "").into());
    }
    Ok(document)
}

/// Deserializes a valid source, with the values of `${NAME}` if there are variables.
pub(crate) fn read<T: DeserializeOwned>(
    source: &Source,
    variables: Option<HashMap<String, String>>,
) -> Result<T, Diagnostics> {
    let mut options = options();
    let mut text = Cow::Borrowed(source.text());
    if let Some(variables) = variables {
        // Docker Compose syntax also expands `$NAME`, unless the dollar sign is doubled.
        let plain_doubled = |text: &str| text.replace('$', "$$").replace("$${", "${");
        text = text.split("$$").map(plain_doubled).collect::<Vec<_>>().join("$$").into();
        options.property_syntax = PropertySyntax::DockerCompose;
        options = options.with_properties(variables);
    }
    serde_yaml::from_str_with_options(&text, options).map_err(|error| {
        // The error's own message may contain values from the environment.
        let line = error.location().map_or(1, |location| location.line());
        source.error(&(0..0), format!("line {line} cannot be read"), "").into()
    })
}

fn options() -> Options {
    serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_documents: 1,
            max_anchors: 0,
            max_aliases: 0,
            max_depth: DEEPEST,
            flow_nesting_limit: DEEPEST,
            max_nodes: MOST,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        with_snippet: false,
    }
}

impl Node {
    /// The value of a key, if this is a mapping that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// A key with its value, if this is a mapping that has it.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.kind {
            Kind::Mapping(entries) => entries.iter().find(|entry| entry.key == key),
            Kind::Scalar { .. } | Kind::Sequence(_) => None,
        }
    }

    /// The range of the value at this path of keys, or of the last key that exists.
    pub(crate) fn span_of(&self, path: &[&str]) -> Range<usize> {
        let Some((key, rest)) = path.split_first() else { return self.span.clone() };
        match self.entry(key) {
            Some(entry) if rest.is_empty() || entry.value.entry(rest[0]).is_none() => match entry.value.kind {
                Kind::Scalar { .. } if rest.is_empty() => entry.value.span.clone(),
                _ => entry.key_span.clone(),
            },
            Some(entry) => entry.value.span_of(rest),
            None => self.span.clone(),
        }
    }

    /// The values of a list; empty for anything else.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Sequence(items) => items,
            Kind::Scalar { .. } | Kind::Mapping(_) => &[],
        }
    }

    /// Whether the value is null: empty, `~` or `null`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true } if matches!(&**text, "" | "~" | "null" | "Null" | "NULL"))
    }
    /// The value of a boolean written without quotes.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            Kind::Scalar { text, plain: true } => text.parse().ok(),
            _ => None,
        }
    }

    /// The value of a whole number written without quotes.
    pub(crate) fn as_integer(&self) -> Option<u64> {
        match &self.kind {
            Kind::Scalar { text, plain: true } => text.parse().ok().filter(|number: &u64| number.to_string() == *text),
            _ => None,
        }
    }
}

/// A value as `serde_yaml` deserializes it.
type Raw = Spanned<Tagged<Content>>;

enum Content {
    /// Its text; none for a number, a boolean or null, whose text is only in the source.
    Scalar(Option<String>),
    Sequence(Vec<Raw>),
    Mapping(Vec<(Raw, Raw)>),
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Scalar(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Content, E> {
        Ok(Content::Scalar(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Content, E> {
        Ok(Content::Scalar(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Content, E> {
        Ok(Content::Scalar(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Content, E> {
        Ok(Content::Scalar(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<Content, E> {
        Ok(Content::Scalar(Some(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Content, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = values.next_element()? {
            items.push(item);
        }
        Ok(Content::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Content, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = fields.next_entry()? {
            entries.push(entry);
        }
        Ok(Content::Mapping(entries))
    }
}

struct TreeBuilder<'s, 'm> {
    source: &'s Source,
    errors: &'m mut Vec<Diagnostic>,
}

impl TreeBuilder<'_, '_> {
    fn node(&mut self, raw: Raw) -> Result<Node, Diagnostics> {
        let mut span = span_of(self.source, raw.defined);
        let Tagged(content, tag) = raw.value;
        if tag.is_some() {
            return Err(tagged(self.source, span.start).into());
        }
        let kind = match content {
            Content::Scalar(text) => {
                let said = &self.source.text()[span.clone()];
                let plain = text.as_ref().is_none_or(|text| text == said);
                Kind::Scalar { text: text.unwrap_or_else(|| said.to_owned()), plain }
            }
            Content::Sequence(items) => {
                let items = items.into_iter().map(|item| self.node(item)).collect::<Result<Vec<_>, _>>()?;
                span.end = self.end(&span, items.last());
                Kind::Sequence(items)
            }
            Content::Mapping(raw) => {
                let entries = self.entries(raw)?;
                span.end = self.end(&span, entries.last().map(|entry| &entry.value));
                Kind::Mapping(entries)
            }
        };
        Ok(Node { span, kind })
    }

    fn entries(&mut self, raw: Vec<(Raw, Raw)>) -> Result<Vec<Entry>, Diagnostics> {
        let mut entries: Vec<Entry> = Vec::new();
        for (key, value) in raw {
            let (key, value) = (self.node(key)?, self.node(value)?);
            let named = !key.is_null();
            let (true, Kind::Scalar { text, .. }) = (named, key.kind) else {
                let error = self.source.error(&key.span, "a key must be a single word", "");
                return Err(error.help("write `word: value`").into());
            };
            if let Some(first) = entries.iter().find(|entry| entry.key == text) {
                let (line, _) = self.source.position(first.key_span.start);
                let twice =
                    self.source.error(&key.span, format!("{} appears twice", quote(&text)), "second occurrence");
                self.errors.push(twice.help(format!("the first is on line {line}; remove one of the two")));
            } else {
                entries.push(Entry { key: text, key_span: key.span, value });
            }
        }
        Ok(entries)
    }

    /// The end of a list or mapping; `serde_yaml` reports only its beginning.
    fn end(&self, span: &Range<usize>, last: Option<&Node>) -> usize {
        let end = last.map_or(span.end, |last| last.span.end).max(span.end);
        let bracketed = self.source.text()[span.start..].starts_with(['[', '{']);
        let bracket = self.source.text()[end..].find([']', '}']).filter(|_| bracketed);
        bracket.map_or(end, |bracket| end + bracket + 1)
    }
}

/// Converts an error of `serde_yaml` to a diagnostic.
fn refused(source: &Source, error: &Error) -> Diagnostic {
    let span = error.location().map_or(0..0, |location| span_of(source, location));
    let say = |message: &str, help: &str| source.error(&span, message, "").help(help);
    match error {
        Error::ExternalMessage { source: external, .. } if let ExternalMessageSource::Parser(error) = &**external => {
            syntax::explain(source, error.kind(), span.start)
        }
        Error::Budget { breach: BudgetBreach::Documents { .. }, .. } => {
            say("a second document begins here", "one file holds one document")
        }
        Error::Budget { breach: BudgetBreach::Nodes { .. }, .. } => {
            source.error(&span, format!("the file holds more than {MOST} values"), "")
        }
        Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => source.error(&span, "nested too deeply", ""),
        Error::Budget { .. } => syntax::anchor(source, mark_before(source, '&', span.start)),
        Error::UnknownAnchor { .. } => syntax::anchor(source, span.start),
        // What remains is a value that does not match its tag.
        _ => tagged(source, span.start),
    }
}

/// The error for the tag of the value that begins here.
fn tagged(source: &Source, value: usize) -> Diagnostic {
    let tag = syntax::to_space(source.text(), mark_before(source, '!', value));
    let advice = "write the value without it; text that begins with ! needs quotes";
    source.error(&tag, "tags (!) are not supported", "").help(advice)
}

/// The offset of the mark that precedes a value.
fn mark_before(source: &Source, mark: char, value: usize) -> usize {
    let before = &source.text()[..value];
    before.rfind(mark).map_or(value, |start| before[..start].trim_end_matches(mark).len())
}

/// The byte range of a location; empty for a parser's error.
fn span_of(source: &Source, location: Location) -> Range<usize> {
    let (text, span) = (source.text(), location.span());
    let bytes = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    if let (Some(start), Some(length)) = (span.byte_offset(), span.byte_len()) {
        return bytes(start)..bytes(start + length);
    }
    let start = text.char_indices().nth(bytes(span.offset())).map_or(text.len(), |(byte, _)| byte);
    start..start
}
