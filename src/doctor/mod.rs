//! The preconditions of a run. Most failures of a first run are mistakes of configuration, and the doctor finds them first.
//!
//! - [`Finding`] is one precondition: it holds, or it does not, with who is to blame and what to do.
//! - `machine` checks this machine: browser and driver, a display, ports, the clock.
//! - `trial_install` is one installation, played like any scenario and read off its evidence, as judges do; `gateway_trust` is whether
//!   the app's HTTP client trusts the gateway's certificate, `registration` whether what the app sends is what is
//!   registered, and `trigger` whether its trigger works.
//!
//! This room prints nothing and judges no app: what the app should have done is the checklist's.

mod finding;
mod gateway_trust;
mod machine;
mod registration;
mod trial_install;
mod trigger;

pub use finding::{Blame, Finding, State};
pub use machine::{browser, clock, display, ports, remote_end};
pub use trial_install::{read_left_behind, read_trial, ready, remedy_or, trial_install};
