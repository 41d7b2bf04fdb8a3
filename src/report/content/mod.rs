//! What every report says, whatever its format.
//!
//! - `summary` is the run in one sentence, with the numbers under it.
//! - `describe` puts evidence into words: who, from where, what kind of page, how long; [`duration`] is of use elsewhere too.
//! - `existing_app` is what is said of an app that was running already; `curl` is a call to Klaviyo as a command.

pub(in crate::report) mod curl;
pub(in crate::report) mod describe;
pub(in crate::report) mod existing_app;
pub(in crate::report) mod summary;

pub use describe::duration;
