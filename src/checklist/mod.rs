//! What it means: the app-review checklist, and judges that hold evidence against it.
//!
//! - [`catalogue`] lists every [`Item`]: id, requirement, source, [`Tier`], and the judge that decides it.
//! - A judge is a pure function of [`Evidence`](crate::evidence::Evidence): no browser, no clock, no I/O. Judges live
//!   in one file per group: `install`, `tenants`, `installed`, `errors`, `uninstall`, `oauth`, `api`.
//! - They read the timeline through `view` and `attempt`, the ways users went through `way`, page states through `state` and
//!   page texts through `wording`.
//! - What was not seen counts against the app only where it would have been seen by then; `not_run` says why an item is left.
//! - A judge answers with a [`Verdict`]; failures carry a [`Finding`]: expected, seen, hops, whose fault.
//! - `attribution` says whose fault a failure is, where it is not the app's; `reach` knows of apps that never came to Klaviyo.
//! - [`Outcome`] is a whole run: scenarios, their verdicts, and how these add up to items and an overall result.
//!
//! This room never touches the world: it reads evidence and nothing else.

mod add_up;
mod api;
mod attempt;
mod attribution;
mod catalogue;
mod errors;
mod install;
mod installed;
mod item;
mod not_run;
mod oauth;
mod outcome;
mod reach;
mod state;
mod tenants;
mod uninstall;
mod verdict;
mod view;
mod way;
mod wording;

pub use add_up::{ItemOutcome, Overall, add_up, overall};
pub use catalogue::{BY_HAND, catalogue, find};
pub use item::{Group, Item, ItemId, Source, Tier};
pub use outcome::{JudgedItem, Outcome, RunInfo, ScenarioEnd, ScenarioOutcome, judge};
pub use verdict::{Fault, Finding, HopLine, Verdict, VerdictKind};
