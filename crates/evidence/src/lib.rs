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

mod act;
mod causes;
mod configured;
mod error_cause;
mod exchange;
mod fingerprint;
mod forms;
mod gesture;
mod hop;
mod klaviyo_fault;
mod mail;
mod page;
mod page_part;
mod phrase;
mod probe;
mod progress;
mod reach;
mod recorder;
mod redact;
mod scope;
mod search;
mod secret;
mod setup;
mod step;
mod step_problem;
mod texts;
mod timeline;

pub use act::{Act, Place, Purpose, Revisit, Start, Tampering};
pub use causes::{error_chain, root_cause};
pub use configured::ConfiguredSecret;
pub use error_cause::ErrorCause;
pub use exchange::{
    ApiCall, AuthorizeCall, ClientAuth, Decision, DecisionCall, Exchange, Facts, RevokeCall, TokenCall, TokenOutcome,
    TokenState, VerifierFacts,
};
pub use fingerprint::{Fingerprint, NoFingerprint};
pub use gesture::{Gesture, UsedControl};
pub use hop::{Hop, HopCause};
pub use klaviyo_fault::{FaultEffect, FaultTarget, KlaviyoFault};
pub use mail::{Mail, MailLink};
pub use page::{Control, ControlRole, Field, FieldKind, Page, PageKind};
pub use page_part::{PagePart, PartRole};
pub use phrase::{clip, count};
pub use probe::Probe;
pub use progress::{Progress, ScenarioName, Tally};
pub use reach::{GatewayTraffic, Hermetic, Routing, RoutingSetup};
pub use recorder::{Recorder, Redactor};
pub use scope::ACCOUNTS_READ;
pub use search::{Exposure, Location, Search};
pub use secret::{Alphabet, Secret};
pub use setup::{
    AccountSetup, AppSetup, HostSetup, KlaviyoSession, Opens, ScenarioSetup, Setup, SignInState, Tenancy,
    ThirdPartyCookies, UserSetup,
};
pub use step::StepKind;
pub use step_problem::{Declaration, Obstacle, PageRef, StepProblem, UnmatchedOverride};
pub use timeline::{AppEvent, Entry, Event, Evidence, HarnessError, KlaviyoEvent, StepMark, StepPhase, UninstalledBy};
