//! User-scoped apps: an install for each user of an account.
//!
//! One file per item; `two_users` finds the installs of a scenario's users.

pub(crate) mod isolated;
pub(crate) mod revoked_with_role;
pub(crate) mod role_scopes;
mod two_users;
