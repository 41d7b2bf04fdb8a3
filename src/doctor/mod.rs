//! The preconditions of a run. Most failures of a first run are mistakes of configuration, and the doctor finds them first.
//!
//! - [`Finding`] is one precondition: it holds, or it does not, with who is to blame and what to do.
//! - `machine` checks this machine: browser and driver, a display, ports, the clock.
//! - `trial_install` is one installation, played like any scenario and read off its evidence, as judges do; `gateway_trust` is whether
//!   the app's HTTP client trusts the gateway's certificate, `registration` whether what the app sends is what is
//!   registered, and `trigger` whether its trigger works.
//! - `kept_data` is whether an app that is not told where to keep its data has the trial's installation still when it is started again.
//!
//! This room prints nothing and judges no app: what the app should have done is the checklist's.

mod finding;
mod gateway_trust;
mod kept_data;
mod machine;
mod registration;
mod trial_install;
mod trigger;

pub use finding::{Blame, Finding, State};
pub use kept_data::{read_second_start, second_start};
pub use machine::{browser, clock, display, ports, remote_end};
pub use registration::{NOT_KNOWN_YET, not_known_yet};
pub use trial_install::{read_left_behind, read_trial, ready, remedy_or, trial_install};
