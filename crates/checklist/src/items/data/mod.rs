//! What the app sends for Klaviyo to keep, as reviewers see it in the account: advice, since Klaviyo's pages call it best practice.
//!
//! One file per item; `accepted` finds the calls that sent something, and says why there is nothing to judge where there are none.

mod accepted;
pub(crate) mod bulk;
pub(crate) mod examples;
mod metric_names;
pub(crate) mod named_for_app;
pub(crate) mod one_source;
pub(crate) mod stable_schema;
