//! `/api` and `/client`, as the published description has them (P).
//!
//! Its tables, from `tables/`:
//!
//! - `operations` is all that Klaviyo publishes: paths, scopes, limits. `kinds` is what they answer with: types, and
//!   the attributes these must have. `deeds` says what each operation does, and how deep it is modelled.
//!
//! The way of a call:
//!
//! - `gate` lets it through: operation, revision, token or company, scopes, limits, faults. What is left is a `task`.
//! - `perform` has the task done. Most are the same for all types: `resources` lists, reads, creates, changes and
//!   deletes, `relationships` ties, `bulk` does jobs, `reports` makes figures up. `filling` and `growth` add what the
//!   client did not send.
//! - `accounts`, `profiles`, `contacts`, `events`, `metrics`, `lists`, `campaigns`, `templates`, `records_of_objects`
//!   are what is particular to one type; `company` is what is particular to `/client`.
//! - All of them work on `records`, each account's own data, and its `ties`.
//! - `filter`, `sorting`, `paging`, `inclusion` and `fields` are the query language; `body` reads JSON:API; `errors` is the one
//!   place that writes its errors; `limits` counts calls.
//!
//! What is published but not modelled is 501 with `X-Flowcheck: mock-gap`.

mod accounts;
mod body;
mod bulk;
mod campaigns;
mod company;
mod contacts;
mod deeds;
mod errors;
mod events;
mod fields;
mod filling;
mod filter;
mod gate;
mod growth;
mod inclusion;
mod kinds;
mod limits;
mod lists;
mod metrics;
mod operations;
mod paging;
mod perform;
mod profiles;
mod records;
mod records_of_objects;
mod relationships;
mod reports;
mod resources;
mod sorting;
mod task;
mod templates;
mod ties;

pub use deeds::{Depth, Modelled, coverage};
pub(crate) use errors::ApiError;
pub(crate) use gate::answer;
pub(crate) use limits::Limits;
pub(crate) use operations::operations;
pub(crate) use records::Records;
