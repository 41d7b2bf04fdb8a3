//! What a file of the right form must say besides.
//!
//! - [`of_script`] holds a scenario against the checklist and against itself: steps that can follow each other, a user
//!   that fits the apps it is for.
//! - [`of_app`] holds `flowcheck.yaml` against what Klaviyo and the scenarios need.
//! - [`put_in_environment`] replaces `${NAME}`.
//!
//! Each returns every mistake it finds.

mod app;
mod environment;
mod kind;
mod scopes;
mod scopes_update;
mod script;
mod staging;
mod steps;
mod ways_in;

pub(super) use app::of_app;
pub(super) use environment::put_in_environment;
pub(super) use script::of_script;
