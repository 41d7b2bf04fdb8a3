//! YAML, read strictly, every value with its place.
//!
//! - [`Node`] is a document as a tree of values; [`parse`] reads it, and refuses what is not YAML, keys said twice, and what
//!   would make the file say less than it holds: anchors, aliases, tags, a second document.
//! - [`check_form`] holds a tree against a JSON Schema and finds every difference, in words for people.
//! - [`read`] turns a tree of the right form into typed values.
//!
//! The schema comes from the types that `read` fills, so editors and flowcheck know the same fields and words. Editors are the
//! stricter in one thing: flowcheck takes a number or `true` for text where text is due.

mod form;
mod syntax;
mod tree;

pub(super) use form::check_form;
pub(super) use tree::{Kind, Node, parse, read};
