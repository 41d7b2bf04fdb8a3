//! Performs operations on any type of resource.
//!
//! - `dispatch` chooses by the kind of operation.
//! - `generic` lists, reads, creates, updates and deletes; `relationships` reads and changes what resources are related to.
//! - `clones` copies resources; `bulk_jobs` runs bulk jobs; `reports` answers what needs no account data.

pub(crate) mod bulk_jobs;
pub(crate) mod clones;
pub(crate) mod dispatch;
pub(crate) mod generic;
pub(crate) mod relationships;
pub(crate) mod reports;
