//! What was seen: one timeline per scenario, and nothing on it that is secret.
//!
//! - [`Evidence`] is a scenario's [`Setup`] and its timeline of [`Entry`]s; judges read nothing else.
//! - [`Event`] is what an entry can be: a step, an act of the user, a browser [`Hop`], a [`Page`], an [`Exchange`]
//!   with Klaviyo, a [`Mail`] from the app, an event in Klaviyo or in the app's process, a [`Probe`], a [`Search`], or trouble of the
//!   harness itself.
//! - [`Recorder`] is how other rooms write: it orders, stamps and redacts.
//! - [`ConfiguredSecret`] is one that is known before anything is recorded; it is found in every form of `forms`.
//! - [`Secret`] is all that is kept of a secret: a keyed fingerprint and the facts a judge needs.
//! - [`Progress`] is the stream a run tells of itself while it goes on.
//!
//! This room never judges, never does I/O, and imports no other room.

mod error_cause;
mod error_chain;
mod progress;
mod redaction;
mod scope;
mod setup;
mod text;
mod timeline;

pub use error_cause::ErrorCause;
pub use error_chain::{error_chain, root_cause};
pub use progress::{Progress, ScenarioName, Tally};
pub use redaction::configured_secret::ConfiguredSecret;
pub use redaction::fingerprint::{Fingerprint, NoFingerprint};
#[cfg(any(test, fuzzing))]
pub use redaction::fuzz_targets;
pub use redaction::recorder::{Recorder, Redactor};
pub use redaction::secret::{Alphabet, Secret};
pub use scope::{ACCOUNTS_READ, LISTED_SCOPES, permits_writing};
pub use setup::declared::Declared;
pub use setup::membership::{Installs, Role, UserChange};
pub use setup::routing::{GatewayTraffic, Hermetic, Routing, RoutingSetup};
pub use setup::setup::{
    AccountSetup, AppSetup, HostSetup, KlaviyoSession, Opens, ScenarioSetup, Setup, SignInState, Tenancy,
    ThirdPartyCookies, UserSetup,
};
pub use text::{bounded, clip, count};
pub use timeline::act::{Act, Place, Purpose, Start};
pub use timeline::browser_window::{BrowserDialog, BrowserWindow, DialogKind, WindowChange};
pub use timeline::exchange::{
    ApiCall, AuthorizeCall, ClientAuth, Decision, DecisionCall, Exchange, Facts, RevisionStatus, RevokeCall,
    StateChange, StatePattern, TokenCall, TokenOutcome, TokenState, VerifierFacts,
};
pub use timeline::gesture::{Gesture, UsedControl};
pub use timeline::hop::{Hop, HopCause};
pub use timeline::hostile_input::Probe;
pub use timeline::klaviyo_fault::{FaultEffect, FaultTarget, KlaviyoFault};
pub use timeline::mail::{Mail, MailLink};
pub use timeline::page::{Control, ControlRole, Field, FieldKind, Page, PageKind, PolicyViolation};
pub use timeline::page_part::{PagePart, PartRole};
pub use timeline::secret_search::{Exposure, Location, Search};
pub use timeline::sent_data::{SentData, SentMetric, SentProperty, ValueType};
pub use timeline::step::StepKind;
pub use timeline::step_problem::{Declaration, Obstacle, PageRef, StepProblem, UnmatchedOverride};
pub use timeline::tampering::{Revisit, Tampering};
pub use timeline::timeline::{
    AppEvent, Entry, Event, Evidence, HarnessError, KlaviyoEvent, StepMark, StepPhase, UninstalledBy,
};
