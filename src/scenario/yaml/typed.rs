//! From a tree to typed values, by serde.

use std::fmt;
use std::ops::Range;

use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::tree::Entry;
use super::{Kind, Node};
use crate::scenario::diagnostic::{Diagnostics, Source};
use crate::scenario::located::LOCATED;

/// The typed value of a tree that has the right form. An error is what the value itself refuses.
pub(crate) fn read<T: DeserializeOwned>(source: &Source, tree: &Node) -> Result<T, Diagnostics> {
    T::deserialize(Reader { source, node: tree }).map_err(|error| {
        let place = error.place.unwrap_or_else(|| tree.place.clone());
        source.mistake(&place, error.message, "").into()
    })
}

/// What a type says against a value.
#[derive(Debug)]
struct Refused {
    message: String,
    place: Option<Range<usize>>,
}

impl Refused {
    /// At this place, unless a more exact one is known already.
    fn at(mut self, node: &Node) -> Self {
        self.place.get_or_insert_with(|| node.place.clone());
        self
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Refused {}

impl serde::de::Error for Refused {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), place: None }
    }
}

#[derive(Clone, Copy)]
struct Reader<'s, 'n> {
    source: &'s Source,
    node: &'n Node,
}

impl<'n> Reader<'_, 'n> {
    fn to(self, node: &'n Node) -> Self {
        Self { source: self.source, node }
    }

    fn unfit<'de, V: Visitor<'de>>(&self, visitor: &V) -> Refused {
        let found = match &self.node.kind {
            Kind::Scalar { text, .. } => Unexpected::Str(text),
            Kind::Sequence(_) => Unexpected::Seq,
            Kind::Mapping(_) => Unexpected::Map,
        };
        Refused::invalid_type(found, visitor)
    }

    fn seed<'de, S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Refused> {
        seed.deserialize(self).map_err(|error| error.at(self.node))
    }
}

impl<'de> Deserializer<'de> for Reader<'_, '_> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match &self.node.kind {
            Kind::Scalar { text, .. } => visitor.visit_str(text),
            Kind::Sequence(items) => visitor.visit_seq(Items { reader: self, rest: items.iter() }),
            Kind::Mapping(entries) => visitor.visit_map(Fields { reader: self, rest: entries.iter(), value: None }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        if self.node.is_nothing() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.node.truth() {
            Some(truth) => visitor.visit_bool(truth),
            None => Err(self.unfit(&visitor)),
        }
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.node.number() {
            Some(number) => visitor.visit_u64(number),
            None => Err(self.unfit(&visitor)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        if name != LOCATED {
            return self.deserialize_any(visitor);
        }
        let (line, column) = self.source.position(self.node.place.start);
        visitor.visit_seq(Placed { reader: self, position: [line, column].into_iter(), told: false })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        match &self.node.kind {
            Kind::Scalar { text, .. } => visitor.visit_enum(Chosen { reader: self, name: text, value: None }),
            Kind::Mapping(entries) if entries.len() == 1 => {
                let Entry { key, value, .. } = &entries[0];
                visitor.visit_enum(Chosen { reader: self, name: key, value: Some(value) })
            }
            Kind::Mapping(_) | Kind::Sequence(_) => Err(self.unfit(&visitor)),
        }
    }

    // The files hold no numbers but small ones; a type that wants another kind finds text, and says so in its tests.
    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple map
        struct identifier ignored_any
    }
}

impl Node {
    /// `true` or `false`, written without quotes.
    pub(crate) fn truth(&self) -> Option<bool> {
        match &self.kind {
            Kind::Scalar { text, plain: true } => text.parse().ok(),
            _ => None,
        }
    }

    /// A whole number, written without quotes.
    pub(crate) fn number(&self) -> Option<u64> {
        match &self.kind {
            Kind::Scalar { text, plain: true } if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            _ => None,
        }
    }
}

struct Items<'s, 'n> {
    reader: Reader<'s, 'n>,
    rest: std::slice::Iter<'n, Node>,
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        self.rest.next().map(|node| self.reader.to(node).seed(seed)).transpose()
    }
}

struct Fields<'s, 'n> {
    reader: Reader<'s, 'n>,
    rest: std::slice::Iter<'n, Entry>,
    value: Option<&'n Node>,
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = Refused;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        let Some(entry) = self.rest.next() else { return Ok(None) };
        self.value = Some(&entry.value);
        seed.deserialize(word(&entry.key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let value = self.value.take().ok_or_else(|| Refused::custom("a value is asked for before its key"))?;
        self.reader.to(value).seed(seed)
    }
}

/// Line, column and value, as a [`crate::scenario::Located`] asks for them.
struct Placed<'s, 'n> {
    reader: Reader<'s, 'n>,
    position: std::array::IntoIter<u32, 2>,
    told: bool,
}

impl<'de> SeqAccess<'de> for Placed<'_, '_> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        if let Some(number) = self.position.next() {
            let number: U32Deserializer<Refused> = number.into_deserializer();
            return seed.deserialize(number).map(Some);
        }
        if std::mem::replace(&mut self.told, true) {
            return Ok(None);
        }
        self.reader.seed(seed).map(Some)
    }
}

struct Chosen<'s, 'n> {
    reader: Reader<'s, 'n>,
    name: &'n str,
    value: Option<&'n Node>,
}

impl<'de> EnumAccess<'de> for Chosen<'_, '_> {
    type Error = Refused;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Refused> {
        Ok((seed.deserialize(word(self.name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Chosen<'_, '_> {
    type Error = Refused;

    fn unit_variant(self) -> Result<(), Refused> {
        match self.value {
            None => Ok(()),
            Some(_) => Err(Refused::custom("this word stands alone").at(self.reader.node)),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Refused> {
        let value = self.value.ok_or_else(|| Refused::custom("this word needs a value").at(self.reader.node))?;
        self.reader.to(value).seed(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Refused> {
        Err(self.reader.unfit(&visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Refused> {
        Err(self.reader.unfit(&visitor))
    }
}

fn word(text: &str) -> StrDeserializer<'_, Refused> {
    text.into_deserializer()
}
