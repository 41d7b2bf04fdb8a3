//! Keeping to rate limits: waiting as long as asked, losing nothing, not delaying other accounts.
//!
//! One file per item; `throttled` is what several of them read.

pub(crate) mod delivers;
pub(crate) mod isolated;
pub(crate) mod respects_retry_after;
mod throttled;
