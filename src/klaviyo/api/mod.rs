//! `/api` and `/client`, as the published description has them (P).
//!
//! - `operations` is the table of all that Klaviyo publishes: paths, scopes, limits.
//! - `gate` lets a call through: operation, revision, token, scopes, limits, faults; then has it done.
//! - `accounts`, `profiles`, `events`, `metrics`, `lists` do what is modelled, on `records`, each account's own data.
//!   What is published but not modelled is 501 with `X-Flowcheck: mock-gap`.
//! - `filter` and `paging` are the query language; `body` reads JSON:API; `errors` is the one place that writes its
//!   errors; `limits` counts calls.

mod accounts;
mod body;
mod errors;
mod events;
mod filter;
mod gate;
mod limits;
mod lists;
mod metrics;
mod operations;
mod paging;
mod profiles;
mod records;

pub(crate) use errors::ApiError;
pub(crate) use gate::answer;
pub(crate) use limits::Limits;
pub(crate) use operations::operations;
pub(crate) use records::Records;
