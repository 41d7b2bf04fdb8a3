//! The script: scenarios and `flowcheck.yaml`, read strictly.
//!
//! - [`Script`] is a scenario as its YAML says it; [`Step`] is the vocabulary, [`Persona`] who acts.
//! - [`AppFile`] is `flowcheck.yaml`: the app under test.
//! - [`Trace`] is what a scenario leaves in an app that goes on running; [`Staging`] what such an app may be left with.
//! - [`Placeholders`] are what differs from world to world: `{port}` and its like.
//! - [`load_scenario`] and [`load_app`] read a file, refuse what they do not know, then check that it means something; every
//!   mistake comes back as a [`Diagnostic`] with file, line, column and a suggestion.
//! - [`builtin`] holds the checklist's own scenarios; [`scenario_schema`] and [`app_schema`] tell editors the form.
//!
//! This room parses. It never runs anything, and touches the disk only to read the file it is given.

mod access;
mod app_file;
mod app_kind;
mod builtin;
mod diagnostic;
mod errand;
mod fault;
mod footprint;
mod load;
mod located;
mod meaning;
mod overrides;
mod placeholder;
mod schema;
mod scopes_update;
mod script;
mod secrets;
mod span;
mod staging;
mod step;
mod suggestion;
mod totp;
mod yaml;

pub use access::{Access, BasicAuth};
pub use app_file::{Accounts, AppFile, AppUser, Clock, KnownFailure, Pages, Registration, Start, Tenant, Timing};
pub use app_kind::{AppKind, Embedding, Host, KindName};
pub use builtin::{Builtin, builtin};
pub use diagnostic::{Diagnostic, Diagnostics};
pub use errand::{AppAction, Way};
pub use fault::{Fault, FaultKind, FaultOn};
pub use footprint::Trace;
pub use load::{Loaded, load_app, load_scenario, parse_app, parse_app_with, parse_scenario};
pub use located::Spanned;
pub use overrides::{Finder, Overrides};
pub use placeholder::Placeholders;
pub use schema::{app_schema, scenario_schema};
pub use scopes_update::{Apply, ScopesUpdate};
pub use script::{AppliesTo, Given, Persona, Script};
pub use span::{HumanDuration, HumanDurationError};
pub use staging::Staging;
pub use step::{CallbackWith, InstallFrom, LookAt, RevisitBy, Step};
pub use totp::Totp;
