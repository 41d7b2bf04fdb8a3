//! Keeping to rate limits: waiting as long as asked, losing nothing, not delaying other accounts.
//!
//! One file per item; `throttled` is what several of them read, and `event_identity` by what Klaviyo knows an event.

pub(crate) mod delivers;
mod event_identity;
pub(crate) mod isolated;
pub(crate) mod respects_retry_after;
mod throttled;
