//! Is everything there that a run needs? Most failures of a first run are mistakes of configuration, and this finds them first.
//!
//! - [`Finding`] is one precondition: it holds, or what is wrong with it, whose fault that is and what to do.
//! - `surroundings` looks at this machine: browser and driver, a display, ports, the clock.
//! - `trial` is one installation, played like any scenario; what it says is read off its evidence, as judges do; `trust` is what of the
//!   app's own client came to the gateway.
//!
//! This room prints nothing and judges no app: what the app should have done is the checklist's.

mod finding;
mod surroundings;
mod trial;
mod trust;

pub use finding::{Blame, Finding, State};
pub use surroundings::{browser, clock, display, end, ports};
pub use trial::{read_standing, read_trial, ready, trial};
