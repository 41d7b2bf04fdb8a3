//! The types of resources (P): their collections, the operations that return them, and their required attributes.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::api::spec::operations::{Operation, operations};
use crate::api::spec::revisions::Revision;

const RESPONSES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tables/responses.csv"));
const ATTRIBUTES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tables/attributes.csv"));
const DEFAULTS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tables/defaults.csv"));

/// What a response contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ResponseShape {
    /// Whether it is a collection.
    pub(crate) many: bool,
    /// The type of its resources.
    pub(crate) kind: &'static str,
}

/// A required attribute of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequiredAttribute {
    /// Its path; a dot descends into an object, `[]` into an array.
    pub(crate) path: &'static str,
    /// `string`, `integer`, `number`, `boolean`, `object`, `array` or `date-time`.
    pub(crate) json_type: &'static str,
    /// The default value; empty where the JSON type alone decides.
    pub(crate) default: &'static str,
    /// The first of the served revisions that has the attribute, if it is known.
    since: Option<Revision>,
    /// The last, if the newest has not.
    until: Option<Revision>,
}

impl RequiredAttribute {
    /// Whether a revision has the attribute.
    pub(crate) fn is_in(&self, revision: Revision) -> bool {
        self.since.is_none_or(|since| since <= revision) && self.until.is_none_or(|until| revision <= until)
    }
}

static SHAPES: LazyLock<HashMap<&'static str, ResponseShape>> =
    LazyLock::new(|| rows(RESPONSES).filter_map(shape).collect());

static REQUIRED: LazyLock<HashMap<&'static str, Vec<RequiredAttribute>>> = LazyLock::new(|| {
    let mut required: HashMap<&str, Vec<RequiredAttribute>> = HashMap::new();
    for (kind, attribute) in rows(ATTRIBUTES).filter_map(attribute) {
        let known = required.entry(kind).or_default();
        // Of a value that several revisions describe differently, the first description does.
        if !known.iter().any(|other| other.path == attribute.path) {
            known.push(attribute);
        }
    }
    for (kind, path, json_type, default) in rows(DEFAULTS).filter_map(default) {
        let known = required.entry(kind).or_default();
        match known.iter_mut().find(|attribute| attribute.path == path) {
            Some(attribute) => attribute.default = default,
            None => known.push(RequiredAttribute { path, json_type, default, since: None, until: None }),
        }
    }
    required
});

/// The first path segment below `/api`, and the type of that collection.
static COLLECTIONS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let mut collections: Vec<(&str, &str)> = Vec::new();
    let mut known = |collection: &'static str, kind: &'static str| {
        if !collections.iter().any(|(taken, lives)| *taken == collection || *lives == kind) {
            collections.push((collection, kind));
        }
    };
    // The operation that reads one resource by its id is the best evidence; the one that lists is second.
    for (segments, method) in [(3, "GET"), (2, "GET")] {
        for operation in operations().iter().filter(|one| one.path.starts_with("/api/") && one.method == method) {
            if let (true, Some(shape)) = (operation.path.matches('/').count() == segments, response_shape(operation)) {
                known(first_segment(operation), shape.kind);
            }
        }
    }
    collections
});

/// The shape of an operation's response, if it returns resources.
pub(crate) fn response_shape(operation: &Operation) -> Option<ResponseShape> {
    SHAPES.get(operation.id).copied()
}

/// The required attributes of a type; none for types that are not described.
pub(crate) fn required_attributes(kind: &str) -> &'static [RequiredAttribute] {
    REQUIRED.get(kind).map(Vec::as_slice).unwrap_or_default()
}

/// The type of the collection that an operation's path is in.
pub(crate) fn kind_at_path(operation: &Operation) -> Option<&'static str> {
    let collection = first_segment(operation);
    COLLECTIONS.iter().find(|(known, _)| *known == collection).map(|(_, kind)| *kind)
}

/// The type with this name, if it has a collection.
pub(crate) fn kind_named(kind: &str) -> Option<&'static str> {
    COLLECTIONS.iter().find(|(_, known)| *known == kind).map(|(_, known)| *known)
}

/// The collection of a type.
pub(crate) fn collection_of(kind: &str) -> Option<&'static str> {
    COLLECTIONS.iter().find(|(_, known)| *known == kind).map(|(collection, _)| *collection)
}

/// The names of a type's relationships.
pub(crate) fn relationships_of(kind: &str) -> &'static [&'static str] {
    static NAMES: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
        let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
        for operation in operations() {
            let segments: Vec<&'static str> = operation.path.split('/').collect();
            if let (Some(kind), ["", "api", _, _, "relationships", name]) =
                (kind_at_path(operation), segments.as_slice())
            {
                let known = names.entry(kind).or_default();
                if !known.contains(name) {
                    known.push(name);
                }
            }
        }
        names
    });
    NAMES.get(kind).map(Vec::as_slice).unwrap_or_default()
}

/// The shape of the relationship with this name.
pub(crate) fn relationship_shape(kind: &str, name: &str) -> Option<ResponseShape> {
    let path = format!("/api/{}/{{id}}/relationships/{name}", collection_of(kind)?);
    operations().iter().find(|one| one.method == "GET" && one.path == path).and_then(response_shape)
}

/// The collection of a path: `lists` for `/api/lists/{id}`.
fn first_segment(operation: &Operation) -> &'static str {
    operation.path.split('/').nth(2).unwrap_or_default()
}

/// The rows of a table, without comments and header.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#')).skip(1)
}

fn shape(row: &'static str) -> Option<(&'static str, ResponseShape)> {
    let mut cells = row.split(',');
    let (id, shape, kind) = (cells.next()?, cells.next()?, cells.next()?);
    Some((id, ResponseShape { many: shape == "many", kind }))
}

fn attribute(row: &'static str) -> Option<(&'static str, RequiredAttribute)> {
    let mut cells = row.split(',');
    let (kind, path, json_type, allowed) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    let default = allowed.split('|').next().unwrap_or_default();
    let revision = |cell: &'static str| (!cell.is_empty()).then_some(Revision(cell));
    let (since, until) = (revision(cells.nth(2)?), revision(cells.next()?.trim()));
    Some((kind, RequiredAttribute { path, json_type, default, since, until }))
}

fn default(row: &'static str) -> Option<(&'static str, &'static str, &'static str, &'static str)> {
    let mut cells = row.split(',');
    Some((cells.next()?, cells.next()?, cells.next()?, cells.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_speaks_of_something_that_is_published() {
        assert_eq!(SHAPES.len(), rows(RESPONSES).count());
        assert_eq!(rows(ATTRIBUTES).filter_map(attribute).count(), rows(ATTRIBUTES).count());
        assert_eq!(rows(DEFAULTS).filter_map(default).count(), rows(DEFAULTS).count());
        for id in SHAPES.keys() {
            assert!(operations().iter().any(|operation| operation.id == *id), "{id}");
        }
        for kind in REQUIRED.keys() {
            assert!(SHAPES.values().any(|shape| shape.kind == *kind), "{kind}");
        }
    }

    #[test]
    fn an_attribute_belongs_to_the_revisions_that_have_it() {
        let of = |path: &str| {
            let attribute = required_attributes("campaign").iter().find(|attribute| attribute.path == path);
            let attribute = attribute.expect("it is in the table");
            [Revision("2026-07-15"), Revision("2026-10-15")].map(|revision| attribute.is_in(revision))
        };
        assert_eq!(of("audiences"), [true, false]);
        assert_eq!(of("definition"), [false, true]);
    }

    #[test]
    fn types_live_where_they_are_read() {
        for (kind, collection) in [
            ("profile", "profiles"),
            ("catalog-category", "catalog-categories"),
            ("template-universal-content", "template-universal-content"),
            ("profile-bulk-import-job", "profile-bulk-import-jobs"),
        ] {
            assert_eq!(collection_of(kind), Some(collection));
            assert_eq!(kind_named(kind), Some(kind));
        }
        assert_eq!(kind_named("import-error"), None);
        assert!(relationships_of("list").contains(&"tags"));
    }
}
