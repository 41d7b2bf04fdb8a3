//! The query language of collections (P).
//!
//! - `filter`, `sorting` and `paging` choose what a collection shows; `fields` chooses attributes; `inclusion` adds
//!   related resources.

pub(crate) mod fields;
pub(crate) mod filter;
pub(crate) mod inclusion;
pub(crate) mod paging;
pub(crate) mod sorting;
