//! A YAML document as a tree of values, each with its place.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StrInput};

use super::syntax;
use crate::scenario::diagnostic::{Diagnostic, Diagnostics, Source, quote};

/// Levels of lists and mappings in each other; the files need six.
const DEEPEST: usize = 32;

/// Values in one file; the longest has two hundred.
const MOST: usize = 10_000;

/// A value and its place in the source, in bytes.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) place: Range<usize>,
    pub(crate) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A text, with its escapes resolved. A plain one, without quotes, may also be a number, `true` or nothing at all.
    Scalar { text: String, plain: bool },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values, in the file's order. Of a key said twice, the first.
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_place: Range<usize>,
    pub(crate) value: Node,
}

/// The document of a source. Keys said twice are put on `mistakes`; what cannot be read at all is the error.
pub(crate) fn parse(source: &Source, mistakes: &mut Vec<Diagnostic>) -> Result<Node, Diagnostics> {
    let mut builder = Builder { source, parser: Parser::new_from_str(source.text()), values: 0, mistakes };
    let document = builder.document()?;
    document.ok_or_else(|| source.mistake(&(0..0), "the file is empty", "").into())
}

impl Node {
    /// The value of this key, if this is a mapping that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// This key and its value, if this is a mapping that has it.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.kind {
            Kind::Mapping(entries) => entries.iter().find(|entry| entry.key == key),
            Kind::Scalar { .. } | Kind::Sequence(_) => None,
        }
    }

    /// The place of the value found by following these keys, or of the last key that the file has.
    pub(crate) fn place_of(&self, path: &[&str]) -> Range<usize> {
        let Some((key, rest)) = path.split_first() else { return self.place.clone() };
        match self.entry(key) {
            Some(entry) if rest.is_empty() || entry.value.entry(rest[0]).is_none() => match entry.value.kind {
                Kind::Scalar { .. } if rest.is_empty() => entry.value.place.clone(),
                _ => entry.key_place.clone(),
            },
            Some(entry) => entry.value.place_of(rest),
            None => self.place.clone(),
        }
    }

    /// The values of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Sequence(items) => items,
            Kind::Scalar { .. } | Kind::Mapping(_) => &[],
        }
    }

    /// Whether there is no value: nothing, `~` or `null`.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true } if matches!(&**text, "" | "~" | "null" | "Null" | "NULL"))
    }
}

struct Builder<'s, 'm> {
    source: &'s Source,
    parser: Parser<'s, StrInput<'s>>,
    values: usize,
    mistakes: &'m mut Vec<Diagnostic>,
}

type Step<'s> = (Event<'s>, Range<usize>);

impl<'s> Builder<'s, '_> {
    fn document(&mut self) -> Result<Option<Node>, Diagnostics> {
        let mut document = None;
        while let Some((event, place)) = self.next()? {
            match event {
                Event::DocumentStart(..) if document.is_some() => {
                    return Err(self.refuse(&place, "a second document begins here", "one file holds one document"));
                }
                Event::DocumentStart(..) | Event::DocumentEnd | Event::StreamStart | Event::StreamEnd => {}
                event => document = Some(self.node(event, place, 0)?),
            }
        }
        Ok(document)
    }

    fn node(&mut self, event: Event<'s>, place: Range<usize>, depth: usize) -> Result<Node, Diagnostics> {
        let (anchor, tagged) = match &event {
            Event::Scalar(_, _, anchor, tag)
            | Event::SequenceStart(_, anchor, tag)
            | Event::MappingStart(_, anchor, tag) => (*anchor, tag.is_some()),
            _ => (0, false),
        };
        if anchor != 0 || matches!(event, Event::Alias(_)) {
            let advice = "write the value out where it is needed; text that begins with & or * needs quotes";
            let place = if anchor == 0 { place } else { self.mark_before('&', place) };
            return Err(self.refuse(&place, "anchors and aliases (& and *) are not supported", advice));
        }
        if tagged {
            let advice = "write the value without it; text that begins with ! needs quotes";
            let place = self.mark_before('!', place);
            return Err(self.refuse(&place, "tags (!) are not supported", advice));
        }
        self.values += 1;
        if self.values > MOST {
            return Err(self.source.mistake(&place, format!("the file holds more than {MOST} values"), "").into());
        }
        if depth > DEEPEST {
            return Err(self.source.mistake(&place, "nested too deeply", "").into());
        }
        match event {
            Event::Scalar(text, style, ..) => {
                let plain = matches!(style, ScalarStyle::Plain);
                Ok(Node { place, kind: Kind::Scalar { text: Cow::into_owned(text), plain } })
            }
            Event::SequenceStart(..) => self.sequence(place, depth),
            Event::MappingStart(..) => self.mapping(place, depth),
            _ => Err(self.source.mistake(&place, "a value is missing", "").into()),
        }
    }

    fn sequence(&mut self, start: Range<usize>, depth: usize) -> Result<Node, Diagnostics> {
        let mut items = Vec::new();
        loop {
            match self.expect()? {
                (Event::SequenceEnd, end) => {
                    return Ok(Node { place: start.start..end.end, kind: Kind::Sequence(items) });
                }
                (event, place) => items.push(self.node(event, place, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, start: Range<usize>, depth: usize) -> Result<Node, Diagnostics> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let (event, place) = self.expect()?;
            if matches!(event, Event::MappingEnd) {
                return Ok(Node { place: start.start..place.end, kind: Kind::Mapping(entries) });
            }
            let key = self.node(event, place, depth + 1)?;
            let Kind::Scalar { text, .. } = key.kind else {
                return Err(self.refuse(&key.place, "a key must be a single word", "write `word: value`"));
            };
            let (event, place) = self.expect()?;
            let value = self.node(event, place, depth + 1)?;
            if let Some(first) = entries.iter().find(|entry| entry.key == text) {
                let (line, _) = self.source.position(first.key_place.start);
                let message = format!("{} appears twice", quote(&text));
                let twice = self.source.mistake(&key.place, message, "the second time");
                self.mistakes.push(twice.help(format!("it is on line {line} already; remove one of the two")));
            } else {
                entries.push(Entry { key: text, key_place: key.place, value });
            }
        }
    }

    fn expect(&mut self) -> Result<Step<'s>, Diagnostics> {
        let end = self.source.text().len();
        self.next()?.ok_or_else(|| self.source.mistake(&(end..end), "the file ends too soon", "").into())
    }

    fn next(&mut self) -> Result<Option<Step<'s>>, Diagnostics> {
        loop {
            match self.parser.next_event() {
                None => return Ok(None),
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok((event, span))) => {
                    let place = self.byte(span.start)..self.byte(span.end);
                    return Ok(Some((event, place)));
                }
                Some(Err(error)) => return Err(self.not_yaml(&error)),
            }
        }
    }

    fn not_yaml(&self, error: &ScanError) -> Diagnostics {
        let at = self.byte(*error.marker());
        let syntax::Unreadable { place, message, help } = syntax::in_words(error.kind(), self.source.text(), at);
        let mistake = self.source.mistake(&place, message, "");
        match help {
            Some(help) => mistake.help(help).into(),
            None => mistake.into(),
        }
    }

    /// The mark, and the word behind it, that stands before a value and belongs to it.
    fn mark_before(&self, mark: char, value: Range<usize>) -> Range<usize> {
        let before = &self.source.text()[..value.start];
        let Some(start) = before.rfind(mark) else { return value };
        let start = before[..start].trim_end_matches(mark).len();
        let word = before[start..].split_whitespace().next().unwrap_or_default();
        start..start + word.len()
    }

    fn refuse(&self, place: &Range<usize>, message: &str, advice: &str) -> Diagnostics {
        self.source.mistake(place, message, "").help(advice).into()
    }

    fn byte(&self, marker: granit_parser::Marker) -> usize {
        let text = self.source.text();
        let at = marker
            .byte_offset()
            .unwrap_or_else(|| text.char_indices().nth(marker.index()).map_or(text.len(), |(byte, _)| byte));
        text.floor_char_boundary(at)
    }
}
