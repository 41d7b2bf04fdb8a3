//! What a file of the right form must say besides.
//!
//! - [`check_script`] holds a scenario against the checklist and against itself: steps that can follow each other, a user
//!   that fits the apps it is for.
//! - [`check_app`] holds `flowcheck.yaml` against what Klaviyo and the scenarios need.
//! - [`expand_variables`] replaces `${NAME}`.
//!
//! Each returns every mistake it finds.

mod app;
mod checker;
mod environment;
mod kind;
mod page_access;
mod scopes;
mod scopes_update;
mod script;
mod staging;
mod steps;

pub(super) use app::check_app;
pub(super) use environment::expand_variables;
pub(super) use script::check_script;
