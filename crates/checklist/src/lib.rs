//! What it means: the app-review checklist, and judges that hold evidence against it.
//!
//! - [`catalogue`] lists every [`Item`]: id, requirement, source, [`Tier`], and the judge that decides it.
//! - A judge is a pure function of [`Evidence`](flowcheck_evidence::Evidence): no browser, no clock, no I/O. Judges live
//!   in one file per group: `install`, `embedded`, `tenants`, `installed`, `errors`, `uninstall`, `rate`, `scopes`, `forbidden`,
//!   `oauth`, `callback`, `refresh`, `outage`, `secrets`, `api`; `ledger` adds up over a run.
//! - They read the timeline through `view` and `attempt`, the ways users went through `way`, page states through `state` and
//!   page texts through `wording` and `notice`, whose words are in the lexicon.
//! - What was not seen counts against the app only where it would have been seen by then; `not_run` says why an item is left.
//! - A judge answers with a [`Verdict`]; failures carry a [`Finding`]: expected, seen, hops, whose fault.
//! - `causes` is the table of known ways to go wrong: pattern, cause, remedy.
//! - `kind` knows what differs between an app by itself and one that lives in a host platform.
//! - `attribution` says whose fault a failure is, where it is not the app's; `reach` knows of apps that never came to Klaviyo;
//!   `mishap` explains by an app that ended or hung what it kept from being judged.
//! - [`ExpectedFailure`]s are known and do not fail a run; one that does not come does.
//! - [`ExistingApp`] is what is to be said of an app that flowcheck did not start.
//! - [`Outcome`] is a whole run: scenarios, their verdicts, and how these add up to items and an overall result.
//!
//! This room never touches the world: it reads evidence and nothing else.

mod add_up;
mod again;
mod api;
mod attempt;
mod attribution;
mod callback;
mod catalogue;
mod causes;
mod embedded;
mod errors;
mod expected;
mod forbidden;
mod install;
mod installed;
mod item;
mod kind;
mod ledger;
mod mishap;
mod not_run;
mod notice;
mod oauth;
mod outage;
mod outcome;
mod rate;
mod reach;
mod refresh;
mod refused;
mod repeated;
mod scopes;
mod secrets;
mod standing;
mod state;
mod tenants;
mod uninstall;
mod unshown;
mod verdict;
mod view;
mod way;
mod wording;

pub use add_up::{ItemOutcome, Overall, add_up, overall, settle};
pub use catalogue::{BY_HAND, catalogue, find};
pub use causes::remedy;
pub use expected::{ExpectedFailure, stale};
pub use item::{Group, Item, ItemId, Source, Tier};
pub use ledger::{ScopeLine, ledger};
pub use notice::asks_to_authorize_again;
pub use outcome::{EarlierTry, JudgedItem, LeftOut, Outcome, RunInfo, ScenarioEnd, ScenarioOutcome, Shard, judge};
pub use standing::{ExistingApp, UNSEEN};
pub use verdict::{Blame, Finding, HopLine, Verdict, VerdictKind};
