//! Scopes, and updates of them.
//!
//! One file per item; `scope_update`, `feature_use` are what several of them read.

mod feature_use;
pub(crate) mod forbidden_link;
pub(crate) mod forbidden_no_spam;
pub(crate) mod forbidden_told;
pub(crate) mod least;
pub(crate) mod new_install;
pub(crate) mod old_install;
pub(crate) mod outdated_revoked;
pub(crate) mod proactive;
pub(crate) mod reauthorized;
pub(crate) mod requested;
mod scope_update;
