//! Parses YAML strictly, with the position of every value.
//!
//! - [`Node`] is a document as a tree of values; [`parse`] reads it, and refuses invalid YAML, duplicate keys, anchors, aliases,
//!   tags, and a second document.
//! - [`check_schema`] validates a tree against a JSON Schema and reports every difference.
//! - [`read`] deserializes a valid source.
//!
//! `serde_yaml` parses, both times, and expands variables. This folder adds where lists end, every error instead of the first,
//! and messages for people who do not know YAML well.
//!
//! The schema is generated from the types that `read` fills, so editors and flowcheck accept the same fields and values, with one
//! exception: flowcheck also accepts a number or `true` where text is expected.

mod schema_check;
mod syntax;
mod tree;

pub(super) use schema_check::check_schema;
pub(super) use tree::{Kind, Node, parse, read};
