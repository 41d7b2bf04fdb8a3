//! YAML, read strictly, every value with its place.
//!
//! - [`Node`] is a document as a tree of values; [`parse`] reads it, and refuses what is not YAML, keys said twice, and what
//!   would make the file say less than it holds: anchors, aliases, tags, a second document.
//! - [`check_schema`] holds a tree against a JSON Schema and finds every difference, in words for people.
//! - [`read`] reads typed values from a source of the right form.
//!
//! `serde_yaml` reads, both times, and puts in variables. This room adds what it does not tell: where lists end, every mistake
//! instead of the first, and words for people.
//!
//! The schema comes from the types that `read` fills, so editors and flowcheck know the same fields and words. Editors are the
//! stricter in one thing: flowcheck takes a number or `true` for text where text is due.

mod schema_check;
mod syntax;
mod tree;

pub(super) use schema_check::check_schema;
pub(super) use tree::{Kind, Node, parse, read};
