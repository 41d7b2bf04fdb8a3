//! What the server models, and where its behaviour is known from.
//!
//! ```
//! use fake_klaviyo::coverage::{Depth, behaviours, operations};
//!
//! let gaps = operations().into_iter().filter(|operation| operation.depth == Depth::Gap).count();
//! assert!(gaps < 10);
//! assert!(behaviours().iter().any(|behaviour| behaviour.about == "token"));
//! ```

/// The dates of the revisions of the API that are served, from the oldest to the newest.
///
/// ```
/// assert_eq!(fake_klaviyo::coverage::revisions().last(), Some(&"2026-10-15"));
/// ```
#[must_use = "it changes nothing"]
pub fn revisions() -> Vec<&'static str> {
    crate::api::spec::revisions::revisions().map(|revision| revision.0).collect()
}

pub use crate::api::spec::operation_kind::{Depth, OperationCoverage, coverage as operations};
pub use crate::behaviours::{Behaviour, behaviours};
