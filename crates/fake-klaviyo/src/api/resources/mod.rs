//! Operations that are particular to one type of resource, and those of `/client`.
//!
//! - `accounts`, `profiles`, `events`, `metrics`, `lists`: types with their own reading and writing.
//! - `event_limits`: what an event may hold, and a request with many of them.
//! - `campaigns`, `campaign_schedules`, `forms`, `templates`, `profile_actions`, `object_records`, `schema_relationships`: what is done with a type besides reading and writing.
//! - `client_api`: the operations below `/client`.

pub(crate) mod accounts;
pub(crate) mod campaign_schedules;
pub(crate) mod campaigns;
pub(crate) mod client_api;
pub(crate) mod event_limits;
pub(crate) mod events;
pub(crate) mod forms;
pub(crate) mod lists;
pub(crate) mod metrics;
pub(crate) mod object_records;
pub(crate) mod profile_actions;
pub(crate) mod profiles;
pub(crate) mod schema_relationships;
pub(crate) mod templates;
