//! Errors while installing: denied, expired, left and returned to.
//!
//! One file per item; `failed_attempt` is what several of them read.

pub(crate) mod abandoned_return;
pub(crate) mod denied_dismiss;
pub(crate) mod denied_message;
pub(crate) mod denied_retry;
pub(crate) mod expired_link;
pub(crate) mod expired_message;
pub(crate) mod expired_retry;
mod failed_attempt;
