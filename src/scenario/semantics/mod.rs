//! Checks what a schema cannot express.
//!
//! - [`check_script`] checks a scenario: items that exist, steps that can follow each other, a persona that suits the apps.
//! - [`check_app`] checks `flowcheck.yaml` against the requirements of Klaviyo and of the scenarios; `checker` collects what it
//!   finds.
//! - [`expand_variables`] replaces `${NAME}` with the environment's values.
//!
//! Each returns every error it finds.

mod app;
mod checker;
mod environment;
mod kind;
mod page_access;
mod scopes_update;
mod script;
mod staging;
mod steps;

pub(super) use app::check_app;
pub(super) use environment::expand_variables;
pub(super) use script::check_script;
