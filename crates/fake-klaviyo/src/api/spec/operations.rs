//! The table of operations (P).

use std::collections::HashMap;
use std::sync::LazyLock;

use hyper::http::StatusCode;
use matchit::Router;

use crate::api::spec::revisions::{Revision, oldest};

/// One operation that Klaviyo publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Operation {
    /// Its id: `get_profiles`.
    pub(crate) id: &'static str,
    /// HTTP method.
    pub(crate) method: &'static str,
    /// Path with placeholders.
    pub(crate) path: &'static str,
    /// The status of a successful response; the first, if several are published.
    pub(crate) success: StatusCode,
    /// The scopes it requires.
    pub(crate) scopes: Vec<&'static str>,
    /// Requests allowed per second.
    pub(crate) burst: u32,
    /// Requests allowed per minute.
    pub(crate) steady: u32,
    /// Requests allowed per day, if limited.
    pub(crate) daily: Option<u32>,
    /// The first of the served revisions that has it.
    pub(crate) first: Revision,
    /// The last, if the newest has not.
    pub(crate) last: Option<Revision>,
    /// Whether only revisions that end in `.pre` have it.
    pub(crate) beta: bool,
}

impl Operation {
    /// Whether a revision has it; `beta`: whether beta operations were asked for too.
    pub(crate) fn is_in(&self, revision: Revision, beta: bool) -> bool {
        self.first <= revision && self.last.is_none_or(|last| revision <= last) && (beta || !self.beta)
    }
}

/// The result of looking up a path and a method.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OperationMatch {
    /// An operation, with the values of its placeholders.
    Operation(&'static Operation, Vec<String>),
    /// The path exists, but only with these methods.
    MethodNotAllowed(Vec<&'static str>),
    /// No such path is published.
    NotFound,
}

/// The table's text; lines that begin with `#` name its source.
const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tables/operations.csv"));

/// Those of beta operations, kept by hand (D).
const BETA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tables/beta_operations.csv"));

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let stable = rows(TABLE).filter_map(|row| read(row, false));
    stable.chain(rows(BETA).filter_map(|row| read(row, true))).collect()
});

/// From path to positions in the table.
static BY_PATH: LazyLock<Router<Vec<usize>>> = LazyLock::new(|| {
    let mut paths: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, operation) in OPERATIONS.iter().enumerate() {
        paths.entry(numbered(operation.path)).or_default().push(at);
    }
    let mut router = Router::new();
    for (path, positions) in paths {
        // A conflict would be a mistake in the table, which a test rules out.
        let _ = router.insert(path, positions);
    }
    router
});

/// All operations.
pub(crate) fn operations() -> &'static [Operation] {
    &OPERATIONS
}

/// Looks up a path and a method.
pub(crate) fn find(method: &str, path: &str) -> OperationMatch {
    let Ok(found) = BY_PATH.at(path) else { return OperationMatch::NotFound };
    let here = || found.value.iter().filter_map(|at| OPERATIONS.get(*at));
    match here().find(|operation| operation.method == method) {
        Some(operation) => {
            OperationMatch::Operation(operation, found.params.iter().map(|(_, value)| value.to_owned()).collect())
        }
        None => OperationMatch::MethodNotAllowed(here().map(|operation| operation.method).collect()),
    }
}

/// Numbers a path's placeholders, so that paths which name them differently share a route.
fn numbered(path: &str) -> String {
    let mut number = 0;
    let segments = path.split('/').map(|segment| {
        if segment.starts_with('{') {
            number += 1;
            format!("{{p{number}}}")
        } else {
            segment.to_owned()
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The rows of a table, without comments and header.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#')).skip(1)
}

fn read(line: &'static str, beta: bool) -> Option<Operation> {
    let mut cells = line.split(',');
    let (id, method, path) = (cells.next()?, cells.next()?, cells.next()?);
    let success = cells.next()?.split('|').next()?.parse().ok()?;
    let scopes = cells.next()?.split_whitespace().collect();
    let (burst, steady) = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
    let daily = cells.next()?;
    let daily = if daily.is_empty() { None } else { Some(daily.parse().ok()?) };
    let first = if beta { oldest() } else { Revision(cells.next()?) };
    let last = cells.next().unwrap_or_default();
    let last = (!last.is_empty()).then_some(Revision(last));
    Some(Operation { id, method, path, success, scopes, burst, steady, daily, first, last, beta })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::scopes::Permission;

    #[test]
    fn every_line_of_the_table_is_read_and_every_operation_is_found() {
        assert_eq!(operations().len(), rows(TABLE).count() + rows(BETA).count());
        for operation in operations() {
            let OperationMatch::Operation(found, params) = find(operation.method, operation.path) else {
                panic!("{} is not found", operation.id);
            };
            assert_eq!(found.id, operation.id);
            assert_eq!(params.len(), operation.path.matches('{').count());
        }
    }

    #[test]
    fn paths_and_methods_that_are_not_published_are_told_apart() {
        assert_eq!(find("GET", "/api/nothing"), OperationMatch::NotFound);
        assert_eq!(find("DELETE", "/api/accounts"), OperationMatch::MethodNotAllowed(vec!["GET"]));
    }

    #[test]
    fn every_scope_has_a_plain_language_description() {
        for operation in operations() {
            for scope in &operation.scopes {
                assert_ne!(Permission::of(scope).verb, "Use", "{scope} of {}", operation.id);
            }
        }
    }
}
