//! `/api` and `/client`, as the published description has them (P).
//!
//! The way of a request:
//!
//! - `application_installs`: an app reads or ends its own install (beta).
//! - `admission` checks it: operation, token or company, revision, scopes, rate limits, faults. What it admits becomes
//!   an operation `context`.
//! - `engine` performs the operation: most operations are the same for all types of resources.
//! - `resources` holds the operations that are particular to one type, and those of `/client`.
//! - `query` is the query language of collections: filters, sorting, paging, sparse fields, inclusion.
//! - `data` is each account's own data. `spec` is what Klaviyo publishes, read from `tables/`.
//! - `sent_data` notes the names and types of what a call sends.
//! - `body` reads JSON:API requests; `errors` writes JSON:API errors; `rate_limits` counts requests.
//!
//! An operation that is published but not modelled is answered with 501 and `X-Flowcheck: mock-gap`.

pub(crate) mod admission;
mod application_installs;
mod body;
mod context;
pub(crate) mod data;
mod engine;
pub(crate) mod errors;
mod query;
pub(crate) mod rate_limits;
mod resources;
mod sent_data;
pub(crate) mod spec;

pub(crate) use admission::handle;
