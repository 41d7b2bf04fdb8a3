//! A scenario: who acts, which steps they take, and which checklist items the scenario covers.
//!
//! - [`Script`] is the whole file; [`Given`] is the initial state, [`AppliesTo`] the apps it is for, [`Persona`] who acts.
//! - [`Step`] is one step; [`Fault`] is a malfunction of Klaviyo that a step can switch on.
//! - [`SideEffect`] is what a scenario leaves behind in an app that keeps running after it.

mod fault;
#[expect(clippy::module_inception, reason = "the folder's main noun is the folder's name")]
mod script;
mod side_effects;
mod step;

pub use fault::{Fault, FaultKind, FaultOn};
pub use script::{AppliesTo, Given, Persona, Script};
pub use side_effects::SideEffect;
pub use step::{CallbackWith, InstallFrom, LookAt, RevisitBy, Step};
