//! Each account's own data.
//!
//! - `all_accounts` leads to an account's data: `account_data` holds resources by type, `relationship_store` which of them are related.
//! - `defaults` fills in required attributes that a request left out; `derived_resources` creates what Klaviyo creates
//!   along with another resource,
//!   `first_resources` what an account has from the start.

pub(crate) mod account_data;
pub(crate) mod all_accounts;
pub(crate) mod defaults;
pub(crate) mod derived_resources;
pub(crate) mod first_resources;
pub(crate) mod relationship_store;
