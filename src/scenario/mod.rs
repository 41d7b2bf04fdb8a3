//! Reads scenarios and `flowcheck.yaml`, strictly.
//!
//! - [`Script`] is a scenario, [`Step`] one of its steps, [`Persona`] who acts; `script` holds them.
//! - [`AppFile`] is `flowcheck.yaml`, the app under test; `app_file` holds it.
//! - [`SideEffect`] is what a scenario leaves behind in an app that keeps running.
//! - [`Placeholders`] replaces `{port}` and the like with the values of one world.
//! - [`load_scenario`] and [`load_app`] read a file: `yaml` parses it and checks it against the schema, `semantics` checks what a
//!   schema cannot express. Every error is a [`Diagnostic`] with file, line, column and a suggestion.
//! - [`builtin`] lists the checklist's own scenarios; [`scenario_schema`] and [`app_schema`] are JSON Schemas for editors.
//! - `fuzz_targets` plays any text.
//!
//! This room parses. It never runs anything, and reads only the file it is given.

mod app_file;
mod builtin;
mod diagnostic;
#[cfg(any(test, fuzzing))]
pub mod fuzz_targets;
mod human_duration;
mod load;
mod placeholder;
mod schema;
mod script;
mod secrets;
mod semantics;
mod spanned;
mod suggestion;
mod yaml;

pub use app_file::{
    Access, Accounts, ActionKind, AppAction, AppFile, AppKind, AppUser, Apply, BasicAuth, Clock, Embedding, Host,
    KindName, KnownFailure, Locator, Overrides, Pages, Registration, ScopesUpdate, Staging, Start, Tenant, Timing,
    Totp,
};
pub use builtin::{Builtin, builtin};
pub use diagnostic::{Diagnostic, Diagnostics};
pub use human_duration::{HumanDuration, HumanDurationError};
pub use load::{Loaded, load_app, load_scenario, parse_app, parse_app_with, parse_scenario};
pub use placeholder::Placeholders;
pub use schema::{app_schema, scenario_schema};
pub use script::{
    AppliesTo, CallbackWith, Fault, FaultKind, FaultOn, Given, InstallFrom, LookAt, Persona, RevisitBy, Script,
    SideEffect, Step,
};
pub use spanned::Spanned;
