//! Where the checklist comes from: its date, the documents that it was drawn from, and what each of them demands.
//!
//! - `edition` has the checklist's date.
//! - `document` is what is known of a document: its address, when it was seen, and whether the checklist began with it. A [`Source`] is a
//!   place in one.
//! - `library` lists all documents.
//! - `demands` reads `tables/demands.csv`: each demand of each document, and the items, the check by hand or the gap that answers it.

pub(crate) mod demands;
pub(crate) mod document;
pub(crate) mod edition;
pub(crate) mod library;

pub use demands::{Demand, demands};
pub use document::{Document, Origin, Source};
pub use edition::{CHECKLISTS, current_checklist};
pub use library::documents;
