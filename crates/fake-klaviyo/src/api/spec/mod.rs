//! What Klaviyo publishes (P), read from `tables/`.
//!
//! - `operations`: every operation with its path, scopes and rate limits. `resource_types`: what operations answer with,
//!   and which attributes a type must have.
//! - `limits`: the rate limits of a request, which may be lower for what it asks for.
//! - `revisions`: which revisions of the API are served, and what Klaviyo says of them.
//! - `operation_kind`: what each operation does, and how completely it is modelled.

pub(crate) mod limits;
pub(crate) mod operation_kind;
pub(crate) mod operations;
pub(crate) mod resource_types;
pub(crate) mod revisions;
